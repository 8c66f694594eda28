import { Fault } from "#shared/errors";
import { FakeClock } from "#shared/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PaceRule } from "./bucket.ts";
import { type Arrived, createPacing, type Leaving, type Pacing } from "./pace.ts";

const startMs = Date.UTC(2026, 10, 21, 12);

function leaving(path = "/items/1", more: Partial<Leaving> = {}): Leaving {
  return {
    method: "GET",
    url: new URL(`https://api.example.com${path}`),
    signal: new AbortController().signal,
    remainingMs: () => 30_000,
    ...more,
  };
}

function open(rules: readonly PaceRule[] = []) {
  const clock = new FakeClock(startMs);
  const pacing = createPacing(rules);
  const go = async (arrived: Arrived, path?: string, connection = "t/default"): Promise<void> => {
    const done = await pacing.of(connection, clock).enter(leaving(path));
    done(arrived);
  };
  return { clock, pacing, go };
}

const answer = (status: number, headers: Record<string, string> = {}): Arrived => ({
  status,
  headers,
});
const broken = new Fault("unavailable", "test: reset", { origin: "upstream" });

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (Fault.is(thrown)) return thrown;
  throw new Error("expected a fault");
}

const fail = async (go: ReturnType<typeof open>["go"], times: number): Promise<void> => {
  for (let index = 0; index < times; index++) await go(index % 2 === 0 ? broken : answer(503));
};

const post = (path: string): Leaving => leaving(path, { method: "POST" });

describe("a connection that is told to wait", () => {
  it.each([
    ["seconds", { "retry-after": "60" }, 60_000],
    ["a date", { "retry-after": "Sat, 21 Nov 2026 12:02:00 GMT" }, 120_000],
    ["a reset", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" }, 30_000],
  ])("by %s sends nothing before", async (_, headers, waitMs) => {
    const { clock, go } = open();
    await go(answer(429, headers));
    expect(await faultOf(go(answer(200)))).toMatchObject({
      code: "resource_exhausted",
      origin: "upstream",
      retryAfterMs: waitMs,
      details: { sent: false },
    });
    clock.advance(waitMs - 5_000);
    await go(answer(200));
    expect(clock.now()).toBe(startMs + waitMs);
  });

  it("by garbage goes on", async () => {
    const { clock, go } = open();
    await go(answer(429, { "retry-after": "soon", "x-ratelimit-reset": "x" }));
    await go(answer(200));
    expect(clock.now()).toBe(startMs);
  });

  it("stops before it is told, when an answer says that nothing is left", async () => {
    const { go } = open();
    await go(answer(200, { "ratelimit-remaining": "1", "ratelimit-reset": "60" }));
    await go(answer(200, { "ratelimit-remaining": "0", "ratelimit-reset": "60" }));
    expect((await faultOf(go(answer(200)))).retryAfterMs).toBe(60_000);
  });

  it("holds up no other connection, no other part of the API and no other host", async () => {
    const { pacing, clock, go } = open();
    await go(answer(429, { "retry-after": "60" }));
    await go(answer(200), "/items/1", "t/other");
    await go(answer(200), "/search");
    const other = leaving("/items/1", { url: new URL("https://other.example.com/items/1") });
    (await pacing.of("t/default", clock).enter(other))(answer(200));
    expect(clock.now()).toBe(startMs);
  });

  it("does not wait longer than its invocation lasts", async () => {
    const { pacing, clock, go } = open();
    await go(answer(429, { "retry-after": "3" }));
    const short = leaving("/items/1", { remainingMs: () => 2_000 });
    const fault = await faultOf(pacing.of("t/default", clock).enter(short));
    expect(fault).toMatchObject({ code: "resource_exhausted", retryAfterMs: 3_000 });
  });
});

describe("a breaker", () => {
  it("leaves a host alone after five failures in a row, for longer each time, and probes once", async () => {
    const { clock, pacing, go } = open();
    await fail(go, 4);
    await go(answer(404));
    await fail(go, 5);
    expect(await faultOf(go(answer(200)))).toMatchObject({
      code: "unavailable",
      retryAfterMs: 5_000,
    });
    clock.advance(5_000);
    const probe = await pacing.of("t/default", clock).enter(leaving());
    expect((await faultOf(go(answer(200)))).code).toBe("unavailable");
    probe(broken);
    expect((await faultOf(go(answer(200)))).retryAfterMs).toBe(10_000);
    clock.advance(10_000);
    await go(answer(200));
    await go(answer(200));
  });

  it("is one connection's own, and not opened by refusals or by our own end", async () => {
    const { clock, pacing, go } = open();
    await fail(go, 5);
    await go(answer(200), "/items/1", "t/other");
    for (let index = 0; index < 10; index++) await go(answer(429), "/items/1", "t/limited");
    const ended = { signal: AbortSignal.abort() };
    for (let index = 0; index < 10; index++) {
      const late = new Fault("deadline_exceeded", "test: ended");
      (await pacing.of("t/limited", clock).enter(leaving("/items/1", ended)))(late);
    }
    await expect(go(answer(200), "/items/1", "t/limited")).resolves.toBeUndefined();
  });
});

describe("a declared limit", () => {
  const rule = { requests: 2, perSeconds: 10, counts: ["POST /chat"] };

  it("holds back what it counts, and nothing else", async () => {
    const { clock, pacing } = open([rule]);
    const pace = pacing.of("t/default", clock);
    for (const one of [post("/chat.post"), post("/chat.post"), post("/other"), leaving("/chat")]) {
      await pace.enter(one);
    }
    expect(clock.now()).toBe(startMs);
    await pace.enter(post("/chat.post"));
    expect(clock.now()).toBe(startMs + 5_000);
    clock.advance(-1);
    const fault = await faultOf(pace.enter(post("/chat.post")));
    expect(fault).toMatchObject({ code: "resource_exhausted", retryAfterMs: 5_001 });
  });

  it("is never exceeded in any window of its length but by its burst", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 8_000 }), { maxLength: 30 }),
        async (gaps) => {
          const { clock, pacing } = open([rule]);
          const sentAtMs: number[] = [];
          for (const gapMs of gaps) {
            clock.advance(gapMs);
            const entered = pacing.of("t/default", clock).enter(post("/chat.post"));
            await entered.then(
              () => sentAtMs.push(clock.now()),
              () => undefined,
            );
          }
          for (const fromMs of sentAtMs) {
            const within = sentAtMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 10_000);
            // A full bucket, and what flows in meanwhile.
            expect(within.length).toBeLessThanOrEqual(rule.requests * 2);
          }
        },
      ),
    );
  });
});

describe("what is under way", () => {
  it("is limited per connection, so that a slow vendor takes nobody else's sockets", async () => {
    const { clock, pacing } = open();
    const slow = pacing.of("t/slow", clock);
    const done = await Promise.all(Array.from({ length: 32 }, () => slow.enter(leaving())));
    expect(await faultOf(slow.enter(leaving()))).toMatchObject({ code: "resource_exhausted" });
    await pacing.of("t/default", clock).enter(leaving());
    done[0]?.(answer(200));
    await slow.enter(leaving());
  });

  it("forgets connections that were not used for long, and keeps the others", async () => {
    const { clock, pacing, go } = open();
    const limited = (): Promise<void> =>
      go(answer(429, { "retry-after": "60" }), "/items/1", "t/kept");
    await limited();
    const touch = (pacings: Pacing, name: string): unknown => pacings.of(name, clock);
    for (let index = 0; index < 999; index++) touch(pacing, `t/${index}`);
    expect((await faultOf(limited())).code).toBe("resource_exhausted");
    for (let index = 0; index < 1_000; index++) touch(pacing, `t/${index}`);
    await limited();
  });
});
