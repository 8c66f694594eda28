import { pathToFileURL } from "node:url";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import * as z from "zod";
import { joinParent } from "./child.ts";
import { listenLocally } from "./listen.ts";

const Setup = z.array(z.object({ name: z.string(), bundle: z.string() }));

const { setup, ready } = joinParent();
const ports: Record<string, number> = {};
for (const { name, bundle } of Setup.parse(setup)) {
  await import(pathToFileURL(bundle).href);
  const server = getTestServer(name);
  // The parent keeps its connections: ending an idle one would race with its next request.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  ports[name] = await listenLocally(server);
}
ready({ ports });
