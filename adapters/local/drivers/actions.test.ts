import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { ActionCall } from "#shared/function";
import { afterAll, beforeAll, expect, it } from "vitest";
import { localActions } from "./actions.ts";

type Answer = { status: number; body: string; headers?: Record<string, string> } | "never" | "cut";

let server: Server;
let answer: Answer;
let seen: { request: IncomingMessage; body: unknown } | undefined;
let gatewayUrl: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      seen = { request, body: JSON.parse(body) };
      if (answer === "cut") response.destroy();
      if (typeof answer === "string") return;
      response.writeHead(answer.status, answer.headers ?? {}).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  gatewayUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const call: ActionCall = {
  action: "slack.post-message",
  connection: "default",
  input: { text: "é" },
  tenant: "default",
  idempotencyKey: "key-1",
  traceparent: "00-a-b-01",
  event: "delivery-1",
};
const driver = () => localActions({ gatewayUrl, token: "secret-token", runtime: "gcp" });

it("posts the input to the action on its own runtime and gives the output", async () => {
  answer = { status: 200, body: '{"ts":"1.2"}' };
  expect(await driver().call(call, undefined)).toEqual({ ts: "1.2" });
  expect(seen?.body).toEqual({ text: "é" });
  expect(seen?.request).toMatchObject({
    method: "POST",
    url: "/v1/integrations/slack/actions/post-message",
    headers: {
      authorization: "Bearer secret-token",
      "content-type": "application/json",
      traceparent: "00-a-b-01",
      "idempotency-key": "key-1",
      "x-auterity-target": "gcp",
      "x-auterity-event": "delivery-1",
      "x-auterity-connection": "default",
    },
  });
  answer = { status: 204, body: "" };
  expect(await driver().call({ ...call, event: undefined }, undefined)).toBeUndefined();
  expect(seen?.request.headers).not.toHaveProperty("x-auterity-event");
});

it("turns a problem back into the fault it was", async () => {
  const problem = { code: "resource_exhausted", detail: "slack: slow down", origin: "upstream" };
  const headers = { "retry-after": "7" };
  answer = { status: 503, body: JSON.stringify({ ...problem, details: { method: "x" } }), headers };
  await expect(driver().call(call, undefined)).rejects.toMatchObject({
    code: "resource_exhausted",
    message: "slack: slow down",
    origin: "upstream",
    retryAfterMs: 7_000,
    details: { method: "x" },
  });
  answer = { status: 400, body: JSON.stringify({ ...problem, origin: "caller" }) };
  await expect(driver().call(call, undefined)).rejects.toMatchObject({ origin: "self" });
});

it("does not trust an answer that is no problem", async () => {
  answer = { status: 502, body: "<html>bad gateway</html>" };
  await expect(driver().call(call, undefined)).rejects.toMatchObject({ code: "unavailable" });
  answer = { status: 404, body: '{"code":"no such code"}' };
  await expect(driver().call(call, undefined)).rejects.toMatchObject({ code: "internal" });
});

it("is unavailable when the gateway is, and ends with its invocation", async () => {
  answer = "cut";
  await expect(driver().call(call, undefined)).rejects.toMatchObject({ code: "unavailable" });
  const nobody = localActions({ gatewayUrl: "http://127.0.0.1:1", token: "", runtime: "aws" });
  await expect(nobody.call(call, undefined)).rejects.toMatchObject({ code: "unavailable" });
  answer = "never";
  const controller = new AbortController();
  const hanging = driver().call(call, controller.signal);
  setImmediate(() => controller.abort(new Error("over")));
  await expect(hanging).rejects.toMatchObject({ code: "cancelled", message: "over" });
});

it("refuses another tenant and what is no action's name", async () => {
  const foreign = driver().call({ ...call, tenant: "acme" }, undefined);
  await expect(foreign).rejects.toMatchObject({ code: "permission_denied" });
  for (const action of ["slack", "slack.", "a.b.c", ""]) {
    const calling = driver().call({ ...call, action }, undefined);
    await expect(calling).rejects.toMatchObject({ code: "invalid_argument" });
  }
});
