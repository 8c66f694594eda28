import { inspect } from "node:util";
import { Fault } from "#shared/errors";
import { overlay } from "#shared/faults";
import { expect } from "vitest";
import * as z from "zod";
import type { ChatReply, ChatRequest, ModelDriver } from "../driver.ts";
import { tool } from "../tool.ts";
import { type BenchRule, thrownBy } from "./bench.ts";
import type { Refusal } from "./vendor.ts";

const prompt = "The canary sings at nine. When does the canary sing?";
const busy = { kind: "refuse", refusal: "throttled" } as const;
const request: Omit<ChatRequest, "model"> = {
  system: undefined,
  messages: [{ role: "user", text: prompt }],
  tools: [],
  output: undefined,
  maxTokens: 100,
  temperature: undefined,
};
const platform = { origin: "platform" };

/** What the portable class makes of a model that is wrong. */
export function mistakeRules(rule: BenchRule): void {
  rule(
    "M12",
    "an answer that is not of its schema may be repaired once, and both are billed",
    async (bench) => {
      const wrong = saying(bench.driver, ["no json at all"]);
      const output = z.object({ order: z.string() });
      const models = bench.open("extract", { driver: wrong.driver });
      const answer = await models.chat({ prompt: "Order: A-1.", output });
      expect(answer.output).toEqual({ order: "A-1" });
      expect(wrong.asked).toHaveLength(2);
      expect(wrong.asked[1]?.messages.at(-1)).toMatchObject({ role: "user" });
      expect(answer.usage.outputTokens).toBeGreaterThan(5);
      const worse = saying(bench.driver, ["no json", '{"order": 1}']);
      const failed = thrownBy(
        bench.open("extract", { driver: worse.driver }).chat({ prompt, output }),
      );
      expect(await failed).toMatchObject({ code: "unavailable", ...platform });
      expect(inspect(await failed)).not.toContain("canary");
      expect(worse.asked).toHaveLength(2);
    },
  );

  rule("M13", "a model that does nothing but ask for tools is stopped", async (bench) => {
    let runs = 0;
    const count = async (): Promise<void> => void (runs += 1);
    const again = tool({ description: "Again", input: z.object({}), run: count });
    const asking: ChatReply = {
      text: "",
      calls: [{ id: "c", name: "again", input: "" }],
      finish: "tools",
      usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
    };
    const driver = overlay(bench.driver, { chat: async () => asking });
    const asked = bench
      .open("answer", { driver })
      .chat({ prompt, tools: { again }, maxToolRounds: 3 });
    expect(await thrownBy(asked)).toMatchObject({ code: "failed_precondition", ...platform });
    expect(runs).toBe(3);
  });

  rule("M14", "what is too large for the vendor or for its models is not sent", async (bench) => {
    const { driver, vendor } = bench;
    const tooLong = "word ".repeat(driver.limits.maxRequestBytes / 5 + 1);
    const chat = bench.open("answer").chat({ prompt: tooLong });
    expect(await thrownBy(chat)).toMatchObject({ code: "too_large" });
    const most = Math.max(...driver.offers.map(({ contextTokens }) => contextTokens));
    const greedy = bench.open("answer").chat({ prompt, maxTokens: most + 1 });
    expect(await thrownBy(greedy)).toMatchObject({ code: "too_large" });
    expect(vendor.requests()).toBe(0);
  });
}

/** What happens when the vendor fails. */
export function failureRules(rule: BenchRule): void {
  rule(
    "M15",
    "a busy vendor is asked again, not before it said, in seconds or by a date",
    async (bench) => {
      const at = new Date(bench.nowMs + 3_000).toUTCString();
      bench.plan({ ...busy, retryAfter: "2" }, { ...busy, retryAfter: at });
      const answer = await bench.open("answer").chat({ prompt });
      expect(answer.text).toBe("The canary sings at nine.");
      expect(bench.waits.filter((wait) => wait >= 1_000)).toEqual([2_000, 3_000]);
      expect(bench.vendor.requests()).toBe(3);
    },
  );

  rule(
    "M16",
    "a vendor that asks for too long a wait is left alone, and the caller is told",
    async (bench) => {
      bench.plan({ ...busy, retryAfter: "120" });
      const thrown = await thrownBy(bench.open("answer").chat({ prompt }));
      expect(thrown).toMatchObject({
        code: "resource_exhausted",
        retryAfterMs: 120_000,
        ...platform,
      });
      expect(bench.vendor.requests()).toBe(1);
    },
  );

  rule(
    "M17",
    "a failing vendor is asked a few times and no more, streamed or whole",
    async (bench) => {
      const failing = { kind: "refuse", refusal: "overloaded" } as const;
      const models = bench.open("answer");
      bench.plan(...Array.from({ length: 4 }, () => failing));
      expect(await thrownBy(models.chat({ prompt }))).toMatchObject({
        code: "unavailable",
        ...platform,
      });
      expect(bench.vendor.requests()).toBe(4);
      expect(bench.waits).toHaveLength(3);
      bench.plan(failing);
      const stream = models.stream({ prompt });
      expect(await stream.next()).toMatchObject({ value: { kind: "text" } });
      await stream.return();
      expect(bench.vendor.requests()).toBe(6);
      bench.plan(failing);
      expect((await bench.open("embed").embed(["a"])).vectors).toHaveLength(1);
    },
  );

  rule("M18", "a driver makes one attempt", async (bench) => {
    bench.plan(busy, busy);
    const model = modelOf(bench.driver);
    const { signal } = new AbortController();
    await thrownBy(bench.driver.chat({ ...request, model }, signal));
    expect(bench.vendor.requests()).toBe(1);
    await thrownBy(drain(bench.driver.stream({ ...request, model }, signal)));
    expect(bench.vendor.requests()).toBe(2);
  });

  rule(
    "M19",
    "a stream that breaks off says how much had arrived, and is not begun again",
    async (bench) => {
      for (const kind of ["cut", "end"] as const) {
        bench.plan({ kind, afterPieces: 4 });
        const texts: string[] = [];
        const listening = (async (): Promise<void> => {
          for await (const piece of bench.open("answer").stream({ prompt })) {
            if (piece.kind === "text") texts.push(piece.text);
          }
        })();
        const thrown = await thrownBy(listening);
        const receivedChars = texts.join("").length;
        expect(receivedChars, kind).toBeGreaterThan(0);
        const details = { outcome: "partial", receivedChars };
        expect(thrown, kind).toMatchObject({ code: "unavailable", details, ...platform });
      }
      expect(bench.vendor.requests()).toBe(2);
    },
  );

  rule("M20", "the end of the invocation ends the call, whole or streamed", async (bench) => {
    for (const [index, isStreamed] of [false, true].entries()) {
      bench.plan({ kind: "hang" });
      const controller = new AbortController();
      const models = bench.open("answer", { signal: controller.signal });
      const asked = isStreamed ? models.stream({ prompt }).next() : models.chat({ prompt });
      const thrown = thrownBy(asked);
      await expect.poll(() => bench.vendor.requests()).toBe(index + 1);
      controller.abort(new Fault("deadline_exceeded", "test: over"));
      await expect.poll(() => bench.vendor.abandoned()).toBe(index + 1);
      expect(await thrown).toMatchObject({ code: "deadline_exceeded" });
      expect(await thrownBy(models.chat({ prompt }))).toMatchObject({ code: "deadline_exceeded" });
    }
    expect(bench.vendor.requests()).toBe(2);
  });

  rule("M21", "who stops listening ends the stream", async (bench) => {
    const long = "One word after the other. ".repeat(2_000);
    const stream = bench.open("summarise").stream({ prompt: long });
    for await (const piece of stream) if (piece.kind === "text") break;
    await expect.poll(() => bench.vendor.abandoned()).toBe(1);
  });

  refusalRules(rule);
}

function refusalRules(rule: BenchRule): void {
  rule("M22", "refusals are told apart, asked once and quote nothing", async (bench) => {
    const codes: readonly (readonly [Refusal, string])[] = [
      ["too-long", "too_large"],
      ["filtered", "failed_precondition"],
      ["no-model", "not_found"],
    ];
    for (const [refusal, code] of codes) {
      bench.plan({ kind: "refuse", refusal });
      const thrown = await thrownBy(bench.open("answer").chat({ prompt }));
      expect(thrown, refusal).toMatchObject({ code, ...platform });
      expect(inspect(thrown, { depth: 9, showHidden: true }), refusal).not.toContain("canary");
    }
    expect(bench.vendor.requests()).toBe(3);
    expect(bench.waits).toEqual([]);
  });

  rule(
    "M23",
    "an answer that the vendor filters is a refusal, and no short answer",
    async (bench) => {
      bench.plan({ kind: "filter-answer" }, { kind: "filter-answer" });
      const models = bench.open("answer");
      const refused = { code: "failed_precondition", ...platform };
      expect(await thrownBy(models.chat({ prompt }))).toMatchObject(refused);
      expect(await thrownBy(drain(models.stream({ prompt })))).toMatchObject(refused);
    },
  );

  rule("M24", "an answer that is none is the vendor's failure", async (bench) => {
    const garbage = { kind: "garbage" } as const;
    bench.plan(garbage);
    const answer = await bench.open("answer").chat({ prompt });
    expect(answer.text).toBe("The canary sings at nine.");
    expect(bench.vendor.requests()).toBe(2);
    bench.plan(...Array.from({ length: 4 }, () => garbage));
    const streamed = drain(bench.open("answer").stream({ prompt }));
    expect(await thrownBy(streamed)).toMatchObject({ code: "unavailable", ...platform });
    bench.plan(...Array.from({ length: 4 }, () => garbage));
    const embedded = bench.open("embed").embed(["canary"]);
    expect(await thrownBy(embedded)).toMatchObject({ code: "unavailable", ...platform });
  });

  rule(
    "M25",
    "unknown credentials are unauthenticated, and no vendor at all is unavailable",
    async (bench) => {
      const cases = [
        [await bench.harness.unknown(), "unauthenticated"],
        [await bench.harness.unreachable(), "unavailable"],
      ] as const;
      for (const [driver, code] of cases) {
        const models = bench.open("answer", { driver });
        expect(await thrownBy(models.chat({ prompt }))).toMatchObject({ code, ...platform });
        expect(await thrownBy(drain(models.stream({ prompt })))).toMatchObject({
          code,
          ...platform,
        });
        await driver.close();
      }
    },
  );
}

/** A driver whose model says these things first. */
function saying(
  inner: ModelDriver,
  texts: readonly string[],
): { driver: ModelDriver; asked: ChatRequest[] } {
  const asked: ChatRequest[] = [];
  const driver = overlay(inner, {
    async chat(next: ChatRequest, signal: AbortSignal) {
      const text = texts[asked.length];
      asked.push(next);
      const reply = await inner.chat(next, signal);
      return text === undefined ? reply : { ...reply, text };
    },
  });
  return { driver, asked };
}

function modelOf({ offers }: ModelDriver): string {
  return offers.find(({ quality }) => quality.answer !== undefined)?.id ?? "";
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const piece of stream) void piece;
}
