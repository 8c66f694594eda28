import { Fault } from "#shared/errors";
import { bindFunction } from "#shared/host";
import { models } from "#shared/models";
import { memoryPorts, memoryToken } from "#shared/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { flow } from "./flow.ts";

const summaries = models("summaries", { task: "summarise" });

/** A flow as one writes it: a model of the port, which is the embedded one here, told piece by piece. */
const digest = flow({
  name: "digest",
  summary: "Shortens a report",
  input: z.object({ report: z.string().min(1) }),
  output: z.object({ digest: z.string(), tokens: z.int() }),
  chunk: z.object({ text: z.string() }),
  uses: { ai: summaries.grant("stream") },
  async run(ctx, { report }, send) {
    for await (const piece of ctx.ai.stream({ system: "One sentence.", prompt: report })) {
      if (piece.kind === "text") send({ text: piece.text });
      if (piece.kind === "answer") {
        return { digest: piece.text, tokens: piece.usage.outputTokens };
      }
    }
    throw new Fault("unavailable", "digest.run: no answer");
  },
});

const broken = flow({
  name: "broken",
  summary: "Breaks off",
  input: z.int(),
  output: z.null(),
  chunk: z.int(),
  uses: {},
  async run(_, chunks, send) {
    for (let number = 1; number <= chunks; number++) send(number);
    throw new Fault("resource_exhausted", "broken.run: used up; come back later");
  },
});

const wrong = flow({
  name: "wrong",
  summary: "Says what it did not declare",
  input: z.enum(["chunk", "result", "much"]),
  output: z.int(),
  chunk: z.string(),
  uses: {},
  async run(_, what, send) {
    const said: unknown = what === "chunk" ? 1 : "x".repeat(3_000_000);
    if (what !== "result") for (let number = 0; number < 2; number++) send(z.any().parse(said));
    return z.any().parse(what === "result" ? "one" : 1);
  },
});

async function call(
  definition: typeof digest,
  body: unknown,
  { headers = {}, query = "" }: { headers?: Record<string, string>; query?: string } = {},
) {
  const ports = memoryPorts();
  const output = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: `/v1/flows/${definition.name}`,
      query,
      headers: { authorization: `Bearer ${memoryToken}`, ...headers },
      body: JSON.stringify(body),
      clientIp: undefined,
    },
    { id: "flow-0001", remainingMs: () => 20_000 },
  );
  const text = String(output.body);
  return { ...output, text, ports, events: ports.topic.take("flow-events") };
}

/** The blocks of a streamed answer, as Genkit's client reads them: after the six characters of `data: `. */
function blocksOf(text: string): unknown[] {
  const blocks = text.split("\n\n");
  expect(blocks.pop()).toBe("");
  return blocks.map((block) => JSON.parse(block.slice("data: ".length)) as unknown);
}

const stream = { headers: { accept: "text/event-stream" } };
const report =
  "The build failed. Nobody was hurt by it. It was the third time this week that it did.";

describe("a flow", () => {
  it("answers as Genkit's servers do", async () => {
    const { status, text, headers } = await call(digest, { data: { report } });
    expect(status).toBe(200);
    const { result } = z
      .object({ result: z.object({ digest: z.string() }) })
      .parse(JSON.parse(text));
    expect(report).toContain(result.digest);
    expect(headers["x-genkit-trace-id"]).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([stream, { query: "stream=true" }])("tells its chunks to who asks: %j", async (how) => {
    const { status, text, headers } = await call(digest, { data: { report } }, how);
    expect([status, headers["content-type"]]).toEqual([200, "text/event-stream"]);
    const Block = z.union([
      z.strictObject({ message: z.object({ text: z.string() }) }),
      z.strictObject({ result: z.object({ digest: z.string() }) }),
    ]);
    const blocks = blocksOf(text).map((block) => Block.parse(block));
    const told = blocks.map((block) => ("message" in block ? block.message.text : "")).join("");
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks.at(-1)).toMatchObject({ result: { digest: told } });
  });

  it("publishes that it has finished", async () => {
    const { events } = await call(digest, { data: { report } }, stream);
    expect(events).toMatchObject([
      {
        type: "flow.finished",
        data: { flow: "digest", run: "flow-0001", outcome: "succeeded" },
      },
    ]);
  });

  it("refuses what is no input, and publishes nothing", async () => {
    const { status, text, events } = await call(digest, { data: { report: "" } });
    expect([status, JSON.parse(text), events]).toEqual([
      400,
      expect.objectContaining({ code: "invalid_argument", details: { field: "data.report" } }),
      [],
    ]);
    expect((await call(digest, { report })).status).toBe(400);
  });

  it("that fails says so, by its status or, once it has said something, by its end", async () => {
    const early = await call(broken, { data: 0 }, stream);
    expect(early.status).toBe(429);
    expect(early.events).toMatchObject([
      { data: { outcome: "failed", code: "resource_exhausted", chunks: 0 } },
    ]);
    const late = await call(broken, { data: 2 }, stream);
    expect(late.status).toBe(200);
    expect(blocksOf(late.text)).toEqual([
      { message: 1 },
      { message: 2 },
      { error: expect.objectContaining({ status: "RESOURCE_EXHAUSTED" }) as unknown },
    ]);
    expect(late.events).toMatchObject([{ data: { outcome: "failed", chunks: 2 } }]);
    expect((await call(broken, { data: 2 })).status).toBe(429);
  });

  it.each([
    ["chunk", 500],
    ["result", 500],
  ])("does not say what it has not declared: %s", async (what, status) => {
    expect(await call(wrong, { data: what })).toMatchObject({ status });
  });

  it("does not say more than a host carries", async () => {
    const { text, events } = await call(wrong, { data: "much" }, stream);
    expect(blocksOf(text).at(-1)).toMatchObject({ error: { status: "TOO_LARGE" } });
    expect(events).toMatchObject([{ data: { code: "too_large" } }]);
  });

  it("needs a name that a cloud takes", () => {
    expect(() => flow({ ...specOf(), name: "No Name" })).toThrow(/portable name/);
  });
});

function specOf() {
  return {
    summary: "x",
    input: z.string(),
    output: z.string(),
    uses: {},
    run: async (_: unknown, input: string) => input,
  };
}
