import { bindFunction } from "#shared/host";
import { flow } from "#shared/flows";
import { sseEvents } from "#shared/http";
import { integrationFunction } from "#shared/integration";
import {
  memoryPorts,
  memoryToken,
  replayServer,
  type Replayed,
  socketPorts,
} from "#shared/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { errorOf } from "./client.ts";
import { fitting } from "./fits-schema.ts";
import integration from "./index.ts";
import evaluation from "./fixtures/evaluate-flow.json" with { type: "json" };

/** Runs an action against recorded answers; gives its answer and what it asked. */
async function run(
  action: string,
  input: unknown,
  answers: readonly Replayed[],
  { accept = "application/json", remainingMs = 20_000 } = {},
) {
  const server = await replayServer(answers);
  const ports = socketPorts({
    secrets: { "connections/default/genkit/default/token": "t" },
    settings: { AUTERITY_BASE_URL_GENKIT: server.url },
  });
  const definition = integrationFunction(integration, { subscribers: [] });
  const output = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: `/v1/integrations/genkit/actions/${action}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}`, accept },
      body: JSON.stringify(input),
      clientIp: undefined,
    },
    { id: "genkit-01", remainingMs: () => remainingMs },
  );
  await server.close();
  const asked = server.seen.map(({ path }) => path);
  return { status: output.status, text: String(output.body), asked };
}

const body = (text: string): unknown => JSON.parse(text);

describe("errorOf", () => {
  it.each([
    [{ status: "NOT_FOUND", message: "x" }, "not_found"],
    [{ status: "RESOURCE_EXHAUSTED", message: "x" }, "resource_exhausted"],
    [{ code: "too_large", detail: "x", status: 413 }, undefined],
    [{ code: "too_large", detail: "x" }, "too_large"],
    [{ code: 13, message: "x" }, undefined],
    [{ status: "constructor" }, undefined],
    ["not found", undefined],
  ])("%j", (given, code) => {
    expect(errorOf({ status: 400, headers: {}, body: given })?.code).toBe(code);
    expect(errorOf({ status: 200, headers: {}, body: given })).toBeUndefined();
  });
});

const block = (name: "data" | "error", value: unknown): string =>
  `${name}: ${JSON.stringify(value)}\n\n`;

describe("a stream", () => {
  const input = { flow: "digest", input: 1 };
  it.each([
    ["without its end", block("data", { message: "a" }), "unavailable"],
    [
      "with a failure at its end",
      block("data", { message: "a" }) +
        block("error", { error: { status: "RESOURCE_EXHAUSTED", message: "x" } }),
      "resource_exhausted",
    ],
    ["with a failure of no name", block("error", { error: { message: "x" } }), "unavailable"],
    ["of something else", "<html>\n\n", "internal"],
    ["of nothing", "", "unavailable"],
  ])("%s is no answer", async (_, text, code) => {
    const outcome = await run("stream-flow", input, [{ status: 200, text }]);
    expect(body(outcome.text)).toMatchObject({
      code,
      origin: "upstream",
      details: { outcome: "unknown" },
    });
  });

  it("of a flow of this suite is heard as it was told", async () => {
    const count = flow({
      name: "count",
      summary: "Counts",
      input: z.int(),
      output: z.string(),
      chunk: z.object({ é: z.int() }),
      uses: {},
      async run(_, upTo, send) {
        for (let number = 1; number <= upTo; number++) send({ é: number });
        return "done";
      },
    });
    const told = await bindFunction(count, memoryPorts(), "test").http(
      {
        method: "POST",
        path: "/v1/flows/count",
        query: "",
        headers: { authorization: `Bearer ${memoryToken}`, accept: "text/event-stream" },
        body: JSON.stringify({ data: 3 }),
        clientIp: undefined,
      },
      { id: "count-0001", remainingMs: () => 20_000 },
    );
    const answers = [{ status: 200, text: String(told.body) }];
    const accept = "text/event-stream";
    const { text } = await run("stream-flow", { flow: "v1/flows/count", input: 3 }, answers, {
      accept,
    });
    const events: unknown[] = [];
    for await (const { event, data } of sseEvents(bytesOf(text))) events.push([event, body(data)]);
    expect(events).toEqual([
      ...[1, 2, 3].map((number) => ["chunk", { é: number }]),
      ["output", { result: "done" }],
    ]);
  });
});

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe("an evaluation", () => {
  const answers = evaluation.exchanges.map(({ response }) => ({
    status: 200,
    json: response.json,
  }));
  const { input } = evaluation;

  it("goes on after a case that fails, and scores it 0", async () => {
    const failed = { status: 500, json: { status: "INTERNAL", message: "x" } };
    const { text } = await run("evaluate-flow", input, [failed, ...answers.slice(2)]);
    expect(body(text)).toMatchObject({
      failed: 1,
      next: null,
      cases: [{ number: 0, failure: "internal" }, { number: 1 }],
      mean: { exact: 0, contains: 0.5, schema: 0.5, "judge grade": 0.25 },
    });
  });

  it("ends in time, and tells where to go on", async () => {
    const { text, asked } = await run("evaluate-flow", input, answers, { remainingMs: 4_900 });
    expect(body(text)).toMatchObject({ next: 1, cases: [{ number: 0 }] });
    expect(asked).toEqual(["/digest", "/grade"]);
    const rest = await run("evaluate-flow", { ...input, from: 1 }, answers.slice(2));
    expect(body(rest.text)).toMatchObject({ next: null, cases: [{ number: 1 }] });
  });

  it("compares values, whatever the order of their members", async () => {
    const cases = [{ input: 1, expected: { a: 1, b: [2] } }];
    const one = { flow: "f", cases, scorers: [{ kind: "exact" }] };
    const same = await run("evaluate-flow", one, [
      { status: 200, json: { result: { b: [2], a: 1 } } },
    ]);
    expect(body(same.text)).toMatchObject({ mean: { exact: 1 } });
    const other = await run("evaluate-flow", one, [
      { status: 200, json: { result: { b: [3], a: 1 } } },
    ]);
    expect(body(other.text)).toMatchObject({ mean: { exact: 0 } });
  });

  it("by a schema that is none runs nothing", async () => {
    const scorers = [{ kind: "schema", schema: { type: "nonsense" } }];
    const { status, asked } = await run("evaluate-flow", { ...input, scorers }, answers);
    expect([status, asked]).toEqual([400, []]);
  });
});

describe("a schema", () => {
  const nested = {
    type: "object",
    properties: { a: { type: "integer", minimum: 1, maximum: 3 }, b: { type: "array" } },
    required: ["a"],
    additionalProperties: false,
  };
  it.each([
    [nested, { a: 1 }, true],
    [nested, { a: 4 }, false],
    [nested, { a: 1.5 }, false],
    [nested, { b: [] }, false],
    [nested, { a: 1, c: 1 }, false],
    [nested, [], false],
    [nested, null, false],
    [{ type: "array", items: { type: "string", minLength: 2 }, maxItems: 2 }, ["ab", "cd"], true],
    [{ type: "array", items: { type: "string", minLength: 2 } }, ["ab", "c"], false],
    [{ type: "array", minItems: 1 }, [], false],
    [{ anyOf: [{ type: "null" }, { enum: ["x", { y: 1 }] }] }, { y: 1 }, true],
    [{ anyOf: [{ type: "null" }, { enum: ["x"] }] }, "y", false],
    [{ const: false }, false, true],
    [{ const: false }, null, false],
    [{ type: "string", maxLength: 1 }, "😀", true],
    [{}, 1, true],
  ])("%j of %j: %j", (schema, value, isRight) => {
    expect(fitting(schema)(value)).toBe(isRight);
  });

  it.each([{ pattern: "a" }, { properties: { a: { oneOf: [] } } }, { type: ["string"] }, "x"])(
    "%j is not taken for one",
    (schema) => {
      expect(() => fitting(schema)).toThrow(/not checked here/);
    },
  );
});

it("a trace that is not there is not found", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  for (const answer of [{ status: 200 }, { status: 200, json: null }]) {
    const { text } = await run("get-trace", { traceId }, [answer]);
    expect(body(text)).toMatchObject({ code: "not_found" });
  }
});

it.each(["../admin", "a/../b", "/a", "a//b", "http://a"])("%s is no flow", async (name) => {
  expect(await run("run-flow", { flow: name }, [])).toMatchObject({ status: 400, asked: [] });
});
