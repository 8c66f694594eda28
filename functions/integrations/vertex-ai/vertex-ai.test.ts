import { readFileSync } from "node:fs";
import { bindFunction } from "#shared/host";
import { integrationFunction } from "#shared/integration";
import { memoryToken, replayServer, type Replayed, socketPorts } from "#shared/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { errorOf, OperationAnswer } from "./client.ts";
import { answerOf, Generated } from "./gemini.ts";
import integration from "./index.ts";
import { priceOf, spreadOf, usdOf } from "./reckoning.ts";
import events from "./fixtures/events.json" with { type: "json" };
import reportJobs from "./fixtures/report-jobs.json" with { type: "json" };

const field = "connections/default/vertex-ai/default/service-account";

/** Runs an action against recorded answers; gives its answer and what it asked. */
async function run(action: string, input: unknown, answers: readonly Replayed[]) {
  const server = await replayServer(answers);
  const settings = { AUTERITY_BASE_URL_VERTEX_AI: server.url };
  const ports = socketPorts({ secrets: { [field]: "t" }, settings });
  const definition = integrationFunction(integration, { subscribers: [] });
  const output = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: `/v1/integrations/vertex-ai/actions/${action}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: JSON.stringify(input),
      clientIp: undefined,
    },
    { id: "vertex-01", remainingMs: () => 20_000 },
  );
  await server.close();
  return {
    status: output.status,
    body: JSON.parse(String(output.body)) as unknown,
    asked: server.seen.map(({ host, path }) => `${host ?? ""}${path}`),
  };
}

const json = (value: z.infer<ReturnType<typeof z.json>>): Replayed => ({
  status: 200,
  json: value,
});

describe("errorOf", () => {
  const detail = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason: "IAM_PERMISSION_DENIED",
    metadata: { permission: "aiplatform.endpoints.predict" },
  };
  it.each([
    ["PERMISSION_DENIED", "permission_denied"],
    ["NOT_FOUND", "not_found"],
    ["RESOURCE_EXHAUSTED", "resource_exhausted"],
    ["FAILED_PRECONDITION", "failed_precondition"],
    ["INTERNAL", "unavailable"],
    ["OUT_OF_RANGE", "invalid_argument"],
    ["ALREADY_EXISTS", "already_exists"],
    ["constructor", undefined],
  ])("%s is %s", (status, code) => {
    const body = { error: { code: 400, message: "x", status } };
    expect(errorOf({ status: 400, headers: {}, body })?.code).toBe(code);
    expect(errorOf({ status: 400, headers: {}, body: [body] })?.code).toBe(code);
  });

  it("names the permission that is missing, and when to come again", () => {
    const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.5s" };
    const error = { status: "PERMISSION_DENIED", message: "x", details: [detail, retry] };
    expect(errorOf({ status: 403, headers: {}, body: { error } })).toEqual({
      code: "permission_denied",
      reason: "PERMISSION_DENIED IAM_PERMISSION_DENIED aiplatform.endpoints.predict",
      retryAfterMs: 1_500,
    });
  });

  it.each([undefined, "not found", { error: "x" }, { candidates: [] }])("leaves %j", (body) => {
    expect(errorOf({ status: 404, headers: {}, body })).toBeUndefined();
  });
});

function piece(text: string, finishReason?: string) {
  const candidate = { content: { parts: [{ text }] }, finishReason };
  return Generated.parse({ candidates: [candidate] });
}

describe("an answer", () => {
  it.each([
    ["STOP", "stop"],
    ["MAX_TOKENS", "length"],
    ["SAFETY", "filtered"],
    ["IMAGE_SAFETY", "filtered"],
    ["MALFORMED_FUNCTION_CALL", "other"],
  ])("that ends by %s is %s", (reason, finish) => {
    expect(answerOf([piece("a", reason)], false)).toMatchObject({ finish, finishReason: reason });
  });

  it("has no thoughts in it, and counts them", () => {
    const parts = [{ text: "hm", thought: true }, { text: "yes" }];
    const counted = { promptTokenCount: 5, candidatesTokenCount: 1, thoughtsTokenCount: 9 };
    const whole = Generated.parse({
      candidates: [{ content: { parts }, finishReason: "STOP" }],
      usageMetadata: counted,
    });
    expect(answerOf([whole], false)).toMatchObject({ text: "yes", usage: { outputTokens: 10 } });
  });

  it("to a prompt that was blocked says so", () => {
    const blocked = Generated.parse({ promptFeedback: { blockReason: "SAFETY" } });
    expect(answerOf([blocked], true)).toMatchObject({ finish: "filtered", text: "" });
  });

  it("that was cut off is no json", () => {
    expect(answerOf([piece('{"a":', "MAX_TOKENS")], true).json).toBeUndefined();
    expect(answerOf([piece("no json", "STOP")], true).json).toBeUndefined();
  });

  it("is the same whole and in pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 8 }), (texts) => {
        const [whole, pieces] = [texts.join(""), texts.map((text) => piece(text))];
        const ended = [...pieces, piece("", "STOP")];
        expect(answerOf(ended, false)).toEqual(answerOf([piece(whole, "STOP")], false));
      }),
    );
  });
});

describe("money", () => {
  it("is that of the list, with cache, tier and batch", () => {
    const pro = priceOf("gemini-2.5-pro", {});
    const tokens = { inputTokens: 100_000, cachedTokens: 100_000, outputTokens: 1_000 };
    expect(usdOf(pro, tokens)).toBe(0.1475);
    expect(usdOf(pro, { ...tokens, inputTokens: 100_001 })).toBe(0.290003);
    const own = { m: { input: 1, output: 2, batch: { input: 0.5, output: 1 } } };
    expect(usdOf(priceOf("m", own), tokens, true)).toBe(0.101);
    expect(usdOf(priceOf("m", {}), tokens)).toBeNull();
    expect(priceOf("constructor", {})).toBeUndefined();
  });

  it("with a wrong unit is refused", () => {
    expect(() => priceOf("m", { m: { input: 0.0000003, output: 0.0000025 } })).toThrow(/unit/);
  });

  it("is told of no job that runs still, and of no tuning without epochs", async () => {
    const started = {
      name: "projects/1/locations/l/customJobs/1",
      state: "JOB_STATE_RUNNING",
      createTime: "2026-11-20T08:00:00Z",
      startTime: "2026-11-20T08:03:00Z",
      jobSpec: { workerPoolSpecs: [{ machineSpec: { machineType: "n1" }, replicaCount: "1" }] },
    };
    const tuned = {
      name: "projects/1/locations/l/tuningJobs/1",
      state: "JOB_STATE_SUCCEEDED",
      baseModel: "gemini-2.5-flash",
      createTime: "2026-11-20T08:00:00Z",
      tuningDataStats: { supervisedTuningDataStats: { totalBillableTokenCount: "10" } },
    };
    const { body } = await run("report-jobs", reportJobs.input, [
      json({ customJobs: [started] }),
      json({}),
      json({ tuningJobs: [tuned] }),
    ]);
    expect(body).toMatchObject({
      usd: 0,
      trainings: { jobs: 1, billed: [] },
      tunings: { jobs: 1, billed: [] },
    });
  });
});

describe("spreadOf", () => {
  it("gives values that occurred, in order", () => {
    const values = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1 });
    fc.assert(
      fc.property(values, (given) => {
        const { p50, p95, max } = spreadOf(given) ?? { p50: -1, p95: -1, max: -1 };
        expect(given).toEqual(expect.arrayContaining([p50, p95, max]));
        expect([p50 <= p95, p95 <= max, max]).toEqual([true, true, Math.max(...given)]);
        expect(given.filter((one) => one <= p50).length).toBeGreaterThanOrEqual(given.length / 2);
      }),
    );
    expect(spreadOf([])).toBeUndefined();
  });
});

describe("an operation", () => {
  it("that failed tells it as data", () => {
    const name = "projects/1/locations/us-central1/endpoints/e/operations/7";
    const error = { code: 8, message: "no capacity" };
    expect(OperationAnswer.parse({ name, done: true, error })).toMatchObject({
      operation: "endpoints/e/operations/7",
      done: true,
      endpoint: "e",
      failure: { code: "resource_exhausted", message: "no capacity" },
    });
  });

  it("is waited for while there is time", async () => {
    const name = "projects/1/locations/us-central1/operations/7";
    const input = { operation: "operations/7", waitSeconds: 3 };
    const outcome = await run("get-operation", input, [json({ name }), json({ name, done: true })]);
    expect(outcome).toMatchObject({ status: 200, body: { done: true } });
    expect(outcome.asked).toHaveLength(2);
  });
});

describe("requests that make no sense are not made", () => {
  const messages = [{ role: "user", text: "hi" }];
  const schedule = { minReplicas: 4, maxReplicas: 2 };
  it.each([
    ["generate-content", { messages }],
    ["generate-content", { messages, model: "gemini-2.5-pro", endpoint: "1" }],
    ["generate-content", { messages, endpoint: "1", global: true }],
    [
      "stream-content",
      { messages: [{ ...messages[0], files: [{ type: "image/png" }] }], model: "m" },
    ],
    ["deploy-model", { endpoint: "e", model: "m", ...schedule }],
    ["deploy-model", { endpoint: "e", model: "m", spot: true }],
    ["deploy-model", { endpoint: "e", model: "m", traffic: { 0: 50, 1: 40 } }],
    ["scale-model", { endpoint: "e", deployedModel: "1", ...schedule }],
    [
      "predict-instances",
      { endpoint: "e", instances: [1], dedicatedHost: "f.us-1.prediction.vertexai.goog" },
    ],
    ["predict-raw", { endpoint: "e", body: 1, dedicatedHost: "e.evil.example" }],
    ["get-operation", { operation: "endpoints/../operations/1" }],
    ["report-usage", { from: "2026-11-20T00:00:00Z", to: "2026-11-20T00:00:30Z" }],
  ])("%s %j", async (action, input) => {
    expect(await run(action, input, [])).toMatchObject({
      status: 400,
      body: { code: "invalid_argument" },
      asked: [],
    });
  });
});

describe("what would double its effect is sent once, and its failure leaves that open", () => {
  it.each(["deploy-model", "start-batch", "start-training", "start-tuning", "upload-model"])(
    "%s",
    async (action) => {
      const file = new URL(`./fixtures/${action}.json`, import.meta.url);
      const { input } = z.object({ input: z.json() }).parse(JSON.parse(readFileSync(file, "utf8")));
      const outcome = await run(action, input, [{ status: 503 }]);
      expect(outcome).toMatchObject({ body: { details: { outcome: "unknown" } } });
      expect(outcome.asked).toHaveLength(1);
    },
  );
});

it("answers without a vector for each text are refused", async () => {
  const embeddings = { values: [1], statistics: { token_count: 1 } };
  const answer = json({ predictions: [{ embeddings }] });
  expect(await run("embed-texts", { texts: ["a", "b"] }, [answer])).toMatchObject({
    body: { code: "internal", origin: "upstream" },
  });
});

it("a job that changed is told once", async () => {
  const [answers, { since }] = [reportJobs.exchanges.map((one) => one.response), reportJobs.input];
  const first = await run("list-changes", { since }, answers);
  const { until, jobs } = z
    .object({ until: z.string(), jobs: z.array(z.unknown()) })
    .parse(first.body);
  expect(jobs).toHaveLength(5);
  const second = await run("list-changes", { since: until }, answers);
  expect(second.body).toMatchObject({ jobs: [], until });
});

it("log entries of any kind are events", () => {
  const other = { ...events[0]?.payload, resource: { type: "global" }, protoPayload: undefined };
  expect(integration.webhooks?.otherEvents?.safeParse(other).success).toBe(true);
});
