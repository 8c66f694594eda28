import {
  ack,
  bodyText,
  defineFunction,
  type FunctionDefinition,
  httpTrigger,
  queueTrigger,
  reply,
  retry,
} from "#shared/function";
import { encodeEnvelope, memoryQueue, queue } from "#shared/queue";
import { store } from "#shared/state";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { bindFunction } from "./bind-function.ts";
import type { Delivery } from "./codecs.ts";
import { conformancePorts } from "./ports.conformance.ts";

const meta = { id: "invocation-1", remainingMs: () => 30_000 };
const input = {
  method: "GET",
  path: "/orders/7",
  query: "",
  headers: { authorization: "Bearer token-3" },
  body: "",
  clientIp: undefined,
};
const price = {
  plan: "test",
  usdPerMillionRequests: 1,
  usdPerGbSecond: 0,
  usdPerVcpuSecond: 0,
  usdPerEgressGb: 0,
  minBilledMs: 1,
  billingStepMs: 1,
  minMemoryMb: 128,
  maxMemoryMb: 10_240,
  memoryStepMb: 1,
  memorySizesMb: [],
  grant: { requests: 0, gbSeconds: 0, vcpuSeconds: 0, egressGb: 0 },
  grantWeight: 1,
  vcpuByMemory: [],
  effectiveFrom: "2026-11-21",
  sources: {
    usdPerMillionRequests: "test",
    usdPerGbSecond: "test",
    usdPerVcpuSecond: "test",
    usdPerEgressGb: "test",
    minBilledMs: "test",
    billingStepMs: "test",
    minMemoryMb: "test",
    maxMemoryMb: "test",
    memoryStepMb: "test",
    grant: "test",
  },
};

function getOrder(): FunctionDefinition {
  return defineFunction({
    name: "get-order",
    summary: "A function under test",
    trigger: httpTrigger("GET", "/orders/:id"),
    input: z.object({ id: z.string(), tag: z.union([z.string(), z.array(z.string())]).optional() }),
    uses: {},
    handler: async (ctx, order) => ({ ...order, tenant: ctx.tenant }),
  });
}

describe("an HTTP function", () => {
  it("gets one object of path and query, for the tenant of the token", async () => {
    const bound = bindFunction(getOrder(), conformancePorts(), "test");
    const output = await bound.http(
      { ...input, path: "/orders/a%2Fb", query: "tag=x&tag=y" },
      meta,
    );
    expect(output.status).toBe(200);
    expect(JSON.parse(bodyText(output))).toEqual({
      id: "a/b",
      tag: ["x", "y"],
      tenant: "tenant-3",
    });
  });

  it.each([
    ["no token", { ...input, headers: {} }, 401, "unauthenticated"],
    [
      "a foreign token",
      { ...input, headers: { authorization: "Bearer no" } },
      401,
      "unauthenticated",
    ],
    ["another path", { ...input, path: "/orders" }, 404, "not_found"],
    ["a broken escape", { ...input, path: "/orders/%zz" }, 404, "not_found"],
    ["another method", { ...input, method: "DELETE" }, 405, "method_not_allowed"],
    ["a body that is no JSON", { ...input, body: "{" }, 400, "invalid_argument"],
    ["a body beyond every cloud", { ...input, body: "x".repeat(4_500_001) }, 413, "too_large"],
  ])("refuses %s with problem JSON", async (_title, request, status, code) => {
    const output = await bindFunction(getOrder(), conformancePorts(), "test").http(request, meta);
    expect(output.status).toBe(status);
    expect(output.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(bodyText(output))).toMatchObject({ code, status, instance: "invocation-1" });
  });

  it("says which methods a path does answer", async () => {
    const bound = bindFunction(getOrder(), conformancePorts(), "test");
    const { headers } = await bound.http({ ...input, method: "DELETE" }, meta);
    expect(headers["allow"]).toBe("GET");
  });

  it("serves HEAD by the GET route, without a body", async () => {
    const bound = bindFunction(getOrder(), conformancePorts(), "test");
    expect(await bound.http({ ...input, method: "HEAD" }, meta)).toMatchObject({
      status: 200,
      body: "",
    });
  });

  it("says where it ran, under which run, and what it cost", async () => {
    const bound = bindFunction(getOrder(), conformancePorts(), "test", price);
    const run = "0123456789abcdef";
    const headers = { ...input.headers, "x-auterity-run": run };
    expect((await bound.http({ ...input, headers }, meta)).headers).toMatchObject({
      "x-auterity-runtime": "test",
      "x-auterity-run": run,
      "x-auterity-cost-usd": "0.000001000000",
    });
    const forged = { ...input.headers, "x-auterity-run": "a\r\nset-cookie: b" };
    const output = await bound.http({ ...input, headers: forged }, meta);
    expect(output.headers["x-auterity-run"]).toBe("invocation-1");
  });

  it("runs a keyed call once and answers the repeat from memory", async () => {
    let runs = 0;
    const pay = defineFunction({
      name: "pay",
      summary: "A function under test",
      trigger: httpTrigger("POST", "/pay"),
      input: z.object({ order: z.string() }),
      uses: {},
      idempotency: { key: ({ order }) => order, ttlSeconds: 60 },
      handler: async () => ({ runs: ++runs }),
    });
    const bound = bindFunction(pay, conformancePorts(), "test");
    const call = { ...input, method: "POST", path: "/pay", body: '{"order":"7"}' };
    const first = await bound.http(call, meta);
    const second = await bound.http(call, meta);
    expect([bodyText(first), bodyText(second)]).toEqual(['{"runs":1}', '{"runs":1}']);
    // Another tenant's key is another key.
    const other = { ...call, headers: { authorization: "Bearer token-4" } };
    expect(bodyText(await bound.http(other, meta))).toBe('{"runs":2}');
  });

  it("awaits deferred work before it reports done, and ends the signal with the invocation", async () => {
    const seen: string[] = [];
    let signal: AbortSignal | undefined;
    const fn = defineFunction({
      name: "deferring",
      summary: "A function under test",
      trigger: httpTrigger("GET", "/orders/:id"),
      input: z.unknown(),
      uses: {},
      async handler(ctx) {
        signal = ctx.signal;
        ctx.defer(
          "note",
          ctx.clock.sleep(5).then(() => seen.push("deferred")),
        );
        return reply(204);
      },
    });
    await bindFunction(fn, conformancePorts(), "test").http(input, meta);
    expect(seen).toEqual(["deferred"]);
    expect(signal?.aborted).toBe(true);
  });

  it("awaits deferred work of a handler that threw, too, and marks its span as failed", async () => {
    const seen: string[] = [];
    const fn = defineFunction({
      name: "failing",
      summary: "A function under test",
      trigger: httpTrigger("GET", "/orders/:id"),
      input: z.unknown(),
      uses: {},
      async handler(ctx) {
        ctx.trace.set({ planned: true });
        ctx.defer(
          "note",
          ctx.clock.sleep(5).then(() => seen.push("deferred")),
        );
        throw new Error("planned");
      },
    });
    const ports = conformancePorts();
    expect((await bindFunction(fn, ports, "test").http(input, meta)).status).toBe(500);
    expect(seen).toEqual(["deferred"]);
    expect(ports.telemetry.spans).toMatchObject([{ status: "error", fields: { planned: true } }]);
  });

  it("takes the event of a call from an authenticated caller only", async () => {
    const events: unknown[] = [];
    const echo = (auth: "bearer" | "public") =>
      defineFunction({
        name: "echo",
        summary: "A function under test",
        trigger: httpTrigger("GET", "/orders/:id", { auth }),
        input: z.unknown(),
        uses: {},
        handler: async (ctx) => void events.push(ctx.event),
      });
    const headers = { ...input.headers, "x-auterity-event": "e-1" };
    for (const auth of ["bearer", "public"] as const) {
      await bindFunction(echo(auth), conformancePorts(), "test").http({ ...input, headers }, meta);
    }
    expect(events).toEqual(["e-1", undefined]);
  });

  it("has the clients it declared and no others", async () => {
    const notes = store("notes", {
      schema: z.object({ owner: z.string(), id: z.string() }),
      partition: "owner",
      sort: "id",
    });
    const fn = defineFunction({
      name: "noting",
      summary: "A function under test",
      trigger: httpTrigger("GET", "/orders/:id"),
      input: z.unknown(),
      uses: { notes: notes.grant("create") },
      async handler(ctx) {
        // @ts-expect-error the verb was not granted, so it is not on the type
        const ungranted: unknown = ctx.notes.list;
        await ctx.notes.create({ owner: "o", id: "1" });
        return { ungranted: typeof ungranted };
      },
    });
    const output = await bindFunction(fn, conformancePorts(), "test").http(input, meta);
    expect(bodyText(output)).toBe('{"ungranted":"undefined"}');
  });
});

function message(n: number, attempt = 1): Delivery {
  return {
    handle: `h-${n}`,
    receiveCount: 1,
    body: encodeEnvelope({
      v: 1,
      id: `m-${n}`,
      attempt,
      enqueuedAtMs: 0,
      tenant: "default",
      body: { n },
    }),
  };
}

describe("a queue function", () => {
  const jobs = queue("jobs", { schema: z.object({ n: z.number() }), maxAttempts: 3 });
  const consumer = (seen: number[], failing: number) =>
    defineFunction({
      name: "consumer",
      summary: "A function under test",
      trigger: queueTrigger(jobs),
      input: jobs.schema,
      uses: {},
      async handler(_ctx, { body }) {
        const { n } = z.object({ n: z.number() }).parse(body);
        seen.push(n);
        return n === failing ? retry({ afterSeconds: 7, reason: "planned" }) : ack();
      },
    });

  it("settles one by one and sends the failed one again with its delay", async () => {
    const ports = conformancePorts();
    const seen: number[] = [];
    const bound = bindFunction(consumer(seen, 2), ports, "test");
    const settled = await bound.messages([message(1), message(2), message(3)], meta);
    expect(settled.every(({ done }) => done)).toBe(true);
    expect(seen.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(ports.queue.take("jobs").map((body) => JSON.parse(body))).toMatchObject([
      { id: "m-2", attempt: 2 },
    ]);
  });

  it("stops a FIFO group at its first failure that the broker must keep", async () => {
    const seen: number[] = [];
    const ports = conformancePorts();
    const broken = { ...ports, queue: { ...ports.queue, send: () => Promise.reject(new Error()) } };
    const bound = bindFunction(consumer(seen, 2), broken, "test");
    const group = [message(1), message(2), message(3)].map((each) => ({ ...each, group: "g" }));
    const settled = await bound.messages([...group, { ...message(4), group: "other" }], meta);
    expect(settled.map(({ done }) => done)).toEqual([true, false, false, true]);
    expect(seen).toEqual([1, 2, 4]);
  });

  it("leaves a retry to a broker that holds nothing back, and counts what that broker counts", async () => {
    const ports = conformancePorts({ queue: { ...memoryQueue(), maxDelaySeconds: 0 } });
    const bound = bindFunction(consumer([], 2), ports, "test");
    expect(await bound.messages([message(2)], meta)).toEqual([{ handle: "h-2", done: false }]);
    expect(ports.queue.take("jobs")).toEqual([]);
    const third = { ...message(2), receiveCount: 3 };
    expect(await bound.messages([third], meta)).toEqual([{ handle: "h-2", done: true }]);
    expect(ports.queue.take("jobs-dead")).toHaveLength(1);
  });

  it("puts a message aside after its last attempt", async () => {
    const ports = conformancePorts();
    const bound = bindFunction(consumer([], 2), ports, "test");
    await bound.messages([message(2, 3)], meta);
    expect(ports.queue.take("jobs")).toEqual([]);
    expect(ports.queue.take("jobs-dead").map((body) => JSON.parse(body))).toMatchObject([
      { id: "m-2", attempt: 3 },
    ]);
  });
});
