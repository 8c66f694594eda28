import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { gcpEntry, gcpHttp } from "../../adapters/gcp/entry.ts";
import { Input, priceOrder } from "../task.ts";
import { orderFunction } from "./order-function.ts";
import { benchPorts } from "./ports.ts";

// One function behind the framework's own server, in a process of its own; asked over IPC what it has used so far.
const [which] = process.argv.slice(2);
if (which === "auterity") gcpEntry(orderFunction, benchPorts(), gcpHttp);
else registerBare();

const server: Server = getTestServer(orderFunction.name);
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit(0));

function registerBare(): void {
  const route = /^\/v1\/orders\/([^/]+)\/price$/;
  // Asynchronous, as any handler is that asks something of a store, a queue or a third party.
  http(orderFunction.name, async (request, response) => {
    const [, id] = route.exec(request.path) ?? [];
    if (request.method !== "POST" || id === undefined) return void response.sendStatus(404);
    response.json(priceOrder(Input.parse({ ...request.body, id: decodeURIComponent(id) })));
  });
}
