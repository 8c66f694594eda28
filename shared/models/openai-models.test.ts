import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "#shared/function";
import { listen } from "#shared/testing";
import { afterAll, expect, it } from "vitest";
import * as z from "zod";
import type { Refusal } from "./conformance/vendor.ts";
import { modelsConformance, startVendor } from "./conformance.ts";
import { openAiWire } from "./conformance/openai-vendor.ts";
import type { ChatRequest, ModelDelta } from "./driver.ts";
import type { ModelOffer } from "./offer.ts";
import { openAiModels } from "./openai-models.ts";

const KEY = "sk-local";
const clock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => sleep(milliseconds, undefined, signal && { signal }),
};
const shared = { provider: "openai-compatible", contextTokens: 100_000 } as const;
const offers: readonly ModelOffer[] = [
  {
    ...shared,
    model: "small",
    id: "small",
    quality: { answer: 0.5, summarise: 0.5, extract: 0.5 },
    skills: ["tools", "json", "temperature"],
    maxOutputTokens: 100_000,
    price: { input: 0.15, output: 0.6, cacheRead: 0.075 },
  },
  {
    ...shared,
    model: "vectors",
    id: "vectors",
    quality: { embed: 0.5 },
    skills: [],
    maxOutputTokens: 0,
    price: { input: 0.02, output: 0 },
    embedding: { dimensions: 256, batch: 8 },
  },
];

// https://platform.openai.com/docs/guides/error-codes; a compatible server gives the wait as a header alone.
const errors: Readonly<Record<Refusal, readonly [number, string, string]>> = {
  throttled: [429, "rate_limit_exceeded", "Rate limit reached"],
  overloaded: [503, "server_error", "The engine is currently overloaded"],
  unauthenticated: [401, "invalid_api_key", "Incorrect API key provided"],
  "too-long": [
    400,
    "context_length_exceeded",
    "This model's maximum context length is 8192 tokens",
  ],
  filtered: [400, "content_filter", "rejected by the safety system"],
  "no-model": [404, "model_not_found", "The model does not exist"],
};

const vendor = await startVendor(
  openAiWire({
    basePath: "/v1",
    tokensField: "max_tokens",
    isAuthorized: ({ headers }) => headers.authorization === `Bearer ${KEY}`,
    refuse(refusal, quoted) {
      const [status, code, message] = errors[refusal];
      const type = "invalid_request_error";
      return {
        status,
        body: { error: { message: `${message}: ${quoted}`, type, param: null, code } },
      };
    },
  }),
);
afterAll(() => vendor.stop());

const openAt = (url: string, key = KEY) =>
  openAiModels({
    name: "openai-compatible",
    offers,
    baseUrl: `${url}/v1`,
    tokensField: "max_tokens",
    clock,
    allowedOrigins: [url],
    authorize: async () => ({ authorization: `Bearer ${key}` }),
  });

modelsConformance("OpenAI-compatible", {
  engine: "a vendor on the wire",
  vendor,
  open: async () => openAt(vendor.url),
  unreachable: async () => openAt("http://127.0.0.1:1"),
  unknown: async () => openAt(vendor.url, "sk-other"),
});

const request: ChatRequest = {
  model: "gpt-5.4",
  system: undefined,
  messages: [{ role: "user", text: "Hello!" }],
  tools: [],
  output: undefined,
  maxTokens: 100,
  temperature: undefined,
};
const { signal } = new AbortController();

const Recorded = z.object({
  body: z.unknown().optional(),
  events: z.array(z.unknown()).optional(),
});

/** A driver of a vendor that gives one recorded answer. */
async function replaying(
  fixture: string,
): Promise<{ driver: ReturnType<typeof openAt>; close: () => Promise<void> }> {
  const bytes = readFileSync(new URL(`fixtures/${fixture}.json`, import.meta.url), "utf8");
  const { body, events } = Recorded.parse(JSON.parse(bytes));
  const server = await listen((_, response) => {
    const type = events === undefined ? "application/json" : "text/event-stream";
    response.writeHead(200, { "content-type": type });
    const data = events?.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join("");
    response.end(
      data === undefined ? JSON.stringify(body) : `: comment\r\n\r\n${data}data: [DONE]\r\n\r\n`,
    );
  });
  return { driver: openAt(server.url), close: () => server.close() };
}

it("reads the answer, the tool call and the vectors that OpenAI documents", async () => {
  const answer = await replaying("openai-completion");
  expect(await answer.driver.chat(request, signal)).toEqual({
    text: "Hello! How can I assist you today?",
    calls: [],
    finish: "stop",
    usage: { inputTokens: 3, outputTokens: 10, cacheReadTokens: 16, cacheWriteTokens: 0 },
  });
  const call = await replaying("openai-tool-call");
  expect(await call.driver.chat(request, signal)).toMatchObject({
    text: "",
    finish: "tools",
    calls: [
      { id: "call_abc123", name: "get_current_weather", input: '{\n"location": "Boston, MA"\n}' },
    ],
  });
  const vectors = await replaying("openai-embeddings");
  const embedding = [0.0023064255, -0.009327292, -0.0028842222];
  expect(await vectors.driver.embed({ model: "m", texts: ["a"] }, signal)).toEqual({
    vectors: [embedding],
    inputTokens: 8,
  });
  await Promise.all([answer.close(), call.close(), vectors.close()]);
});

it("reads the stream that OpenAI documents", async () => {
  const stream = await replaying("openai-stream");
  const deltas: ModelDelta[] = [];
  for await (const delta of stream.driver.stream(request, signal)) deltas.push(delta);
  expect(deltas).toEqual([
    { kind: "text", text: "Hello" },
    { kind: "finish", finish: "stop" },
    {
      kind: "usage",
      usage: { inputTokens: 9, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
    },
  ]);
  await stream.close();
});
