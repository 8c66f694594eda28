import {
  bodyText,
  defineFunction,
  type FunctionDefinition,
  type HttpInput,
  httpTrigger,
} from "#shared/function";
import { secret } from "#shared/secrets";
import { conformanceSuite } from "#shared/testing";
import { expect } from "vitest";
import * as z from "zod";
import { type ConformancePorts, conformancePorts, TENANTS } from "./ports.conformance.ts";
import { type EntryHarness, freshName, type RunningEntry } from "./entry-harness.ts";

const consoleMethods = ["debug", "error", "info", "log", "warn"] as const;

const uses = Object.fromEntries(
  Array.from({ length: TENANTS }, (_, index) => [
    `secret${index}`,
    secret(`conformance/secret-${index}`).grant("read"),
  ]),
);

/**
 * Many invocations share one process on every cloud but classic Lambda: nothing of one may show up in another,
 * and nothing of it may go on after its answer, where a cloud stops the clock or bills somebody else for it.
 */
export function entryIsolationConformance(runtime: string, harness: EntryHarness): void {
  const started = async (
    definition: FunctionDefinition,
    ports: ConformancePorts,
    run: (entry: RunningEntry) => Promise<void>,
  ): Promise<void> => {
    const entry = await harness.start(definition, ports);
    try {
      await run(entry);
    } finally {
      await entry.stop();
    }
  };

  conformanceSuite({ port: "isolation", driver: runtime }, {}, (rule) => {
    rule("I01", `${TENANTS} interleaved invocations are kept apart`, async () => {
      const ports = conformancePorts();
      const name = freshName("isolation");
      await started(interleaving(name), ports, (entry) => interleaved(name, ports, entry));
    });

    rule("I02", "nothing of an invocation is left behind, whatever its end", async () => {
      const name = freshName("isolation");
      await started(ending(name), conformancePorts(), async (entry) => {
        // The library's own timers, if it has any, are there after a first call.
        await entry.http({ ...request(name, 0), body: '{"n":0}' });
        const before = left();
        for (const n of [0, 1, 2, 3]) {
          await entry.http({ ...request(name, 0), body: `{"n":${n}}` });
        }
        expect(left()).toBeLessThanOrEqual(before);
      });
    });
  });
}

async function interleaved(
  name: string,
  ports: ConformancePorts,
  entry: RunningEntry,
): Promise<void> {
  const before = consoleMethods.map((method) => Reflect.get(console, method) as unknown);
  const outputs = await Promise.all(
    Array.from({ length: TENANTS }, (_, index) => entry.http(request(name, index))),
  );
  for (const [index, output] of outputs.entries()) {
    expect(output.status).toBe(200);
    expect(JSON.parse(bodyText(output))).toEqual({
      n: index,
      tenant: `tenant-${index}`,
      traceId: traceId(index),
      secret: `secret-of-${index}`,
    });
  }
  expect(new Set(outputs.map(({ headers }) => headers["x-auterity-run"])).size).toBe(TENANTS);
  expect(consoleMethods.map((method) => Reflect.get(console, method) as unknown)).toEqual(before);

  const steps = ports.telemetry.logs.filter(({ message }) => message === "step");
  expect(steps).toHaveLength(TENANTS * 3);
  for (const { scope, fields } of steps) {
    expect(scope).toMatchObject({
      tenant: `tenant-${String(fields["n"])}`,
      traceId: traceId(Number(fields["n"])),
    });
  }
}

function interleaving(name: string): FunctionDefinition {
  return defineFunction({
    name,
    summary: "A function under test",
    trigger: httpTrigger("POST", `/v1/${name}`),
    input: z.object({ n: z.number() }),
    uses,
    async handler(ctx, { n }) {
      for (let step = 0; step < 3; step++) {
        await ctx.clock.sleep(Math.floor(ctx.random.next() * 5), ctx.signal);
        ctx.log.info("step", { n, step });
      }
      const value = await ctx[`secret${n}`]?.read();
      return {
        n,
        tenant: ctx.tenant,
        traceId: ctx.trace.traceId,
        secret: value?.reveal(),
      };
    },
  });
}

/** Ends in four ways: at once, by failing, by its deadline, and with work that was deferred. */
function ending(name: string): FunctionDefinition {
  return defineFunction({
    name,
    summary: "A function under test",
    trigger: httpTrigger("POST", `/v1/${name}`),
    limits: { timeoutSeconds: 1 },
    input: z.object({ n: z.number() }),
    uses: {},
    async handler(ctx, { n }) {
      if (n === 1) throw new Error("planned");
      if (n === 2) await ctx.clock.sleep(60_000, ctx.signal);
      if (n === 3) ctx.defer("later", ctx.clock.sleep(5, ctx.signal));
    },
  });
}

function request(name: string, index: number): HttpInput {
  return {
    method: "POST",
    path: `/v1/${name}`,
    query: "",
    headers: {
      host: "fn.example",
      authorization: `Bearer token-${index}`,
      "content-type": "application/json",
      traceparent: `00-${traceId(index)}-b7ad6b7169203331-01`,
    },
    body: JSON.stringify({ n: index }),
    clientIp: undefined,
  };
}

function traceId(index: number): string {
  return (index + 1).toString(16).padStart(32, "0");
}

/** Timers, which a frozen process would fire in somebody else's invocation. */
function left(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}
