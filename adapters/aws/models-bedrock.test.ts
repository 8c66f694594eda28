import { readFileSync } from "node:fs";
import type { ModelDelta } from "#shared/models";
import { afterAll, expect, it } from "vitest";
import * as z from "zod";
import { modelsConformance } from "../../shared/models/conformance.ts";
import { bedrockModels } from "./drivers/models-bedrock.ts";
import {
  connectionTo,
  eventFrame,
  serveHttp2,
  startBedrock,
} from "./engines/bedrock.conformance.ts";

const vendor = await startBedrock();
afterAll(() => vendor.stop());

modelsConformance("Bedrock", {
  engine: "Bedrock on the wire",
  vendor,
  open: async () => bedrockModels(vendor.connection),
  unreachable: async () => bedrockModels(connectionTo("http://127.0.0.1:1")),
  unknown: async () => bedrockModels(connectionTo(vendor.url, "other")),
});

const request = {
  model: "amazon.nova-lite-v1:0",
  system: undefined,
  messages: [{ role: "user", text: "Hi" }],
  tools: [],
  output: undefined,
  maxTokens: 10,
  temperature: undefined,
} as const;
const { signal } = new AbortController();
const Recorded = z.object({
  body: z.unknown().optional(),
  events: z.array(z.tuple([z.string(), z.looseObject({})])).optional(),
});

it("reads the answers that Bedrock documents, whole and in pieces", async () => {
  const path = new URL("fixtures/bedrock-converse.json", import.meta.url);
  const { body, events = [] } = Recorded.parse(JSON.parse(readFileSync(path, "utf8")));
  const server = await serveHttp2(({ url }, response) => {
    if (url?.endsWith("-stream") === true) {
      response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream" });
      for (const [type, payload] of events) {
        response.write(eventFrame({ ":message-type": "event", ":event-type": type }, payload));
      }
      response.end();
    } else {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    }
  });
  const driver = bedrockModels(connectionTo(server.url));
  const call = { id: "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", name: "top_song" };
  expect(await driver.chat(request, signal)).toEqual({
    text: "",
    calls: [{ ...call, input: '{"sign":"WZPZ"}' }],
    finish: "tools",
    usage: { inputTokens: 419, outputTokens: 70, cacheReadTokens: 0, cacheWriteTokens: 0 },
  });
  const deltas: ModelDelta[] = [];
  for await (const delta of driver.stream(request, signal)) deltas.push(delta);
  expect(deltas).toEqual([
    { kind: "tool", index: 0, ...call, input: "" },
    { kind: "tool", index: 0, input: '{"sign": ' },
    { kind: "tool", index: 0, input: '"WZPZ"}' },
    { kind: "finish", finish: "tools" },
    {
      kind: "usage",
      usage: { inputTokens: 419, outputTokens: 70, cacheReadTokens: 8, cacheWriteTokens: 16 },
    },
  ]);
  await driver.close();
  await server.close();
});

it.each([
  ["throttlingException", "resource_exhausted"],
  ["modelStreamErrorException", "unavailable"],
  ["internalServerException", "unavailable"],
])("takes a %s in the course of a stream for %s", async (type, code) => {
  const server = await serveHttp2((_, response) => {
    response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream" });
    const names = { ":message-type": "exception", ":exception-type": type };
    response.write(eventFrame(names, { message: "no" }));
    response.end();
  });
  const driver = bedrockModels(connectionTo(server.url));
  const reading = driver.stream(request, signal)[Symbol.asyncIterator]().next();
  const error: unknown = await reading.catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe(code);
  await driver.close();
  await server.close();
});
