import { ack, defineFunction, type QueueOutcome, queueTrigger, retry } from "#shared/function";
import { claimCheck, openQueue, queue } from "#shared/queue";
import { memoryPorts, type MemoryPorts } from "#shared/testing";
import { openBucket } from "#shared/blob";
import { beforeEach, expect, it } from "vitest";
import * as z from "zod";
import { bindFunction } from "./bind-function.ts";
import type { BoundFunction } from "./bind.ts";

const Report = z.object({ text: z.string() });
const reports = queue("reports", { schema: Report, maxAttempts: 2 });
const { signal } = new AbortController();
const scope = { tenant: "acme", traceparent: "", event: undefined, signal };
const meta = { id: "i-1", remainingMs: () => 60_000 };
const text = "x".repeat(1_000_000);

let ports: MemoryPorts;
let seen: { body: string; tenant: string; attempt: number }[];
let outcome: () => QueueOutcome;

beforeEach(() => {
  ports = memoryPorts();
  seen = [];
  outcome = ack;
});

function bound(own: MemoryPorts = ports): BoundFunction {
  const read = defineFunction({
    name: "read-reports",
    summary: "Reads",
    trigger: queueTrigger(reports),
    input: Report,
    uses: {},
    async handler({ tenant }, { body, attempt }) {
      seen.push({ body: body.text, tenant, attempt });
      return outcome();
    },
  });
  return bindFunction(read, own, "aws");
}

/** What the queue holds for the function, in its native wrapping. */
async function sent(): Promise<string> {
  await openQueue(reports, ports, scope).send({ text });
  const [body = ""] = ports.queue.take("reports");
  return body;
}

async function deliver(body: string, own: MemoryPorts = ports): Promise<boolean> {
  const [settled] = await bound(own).messages([{ handle: "m", body, receiveCount: 1 }], meta);
  return settled?.done === true;
}

const refuse = () => Promise.reject(new Error("down"));

async function contents() {
  const { claims } = await claimCheck();
  return openBucket(claims, ports, scope);
}

it("brings a large body to its handler, and lets go of it when it was handled", async () => {
  const body = await sent();
  expect(Buffer.byteLength(body)).toBeLessThan(1_000);
  expect(await deliver(body)).toBe(true);
  expect(seen).toEqual([{ body: text, tenant: "acme", attempt: 1 }]);
  const { items } = await (await contents()).list();
  expect(items.map(({ sizeBytes }) => sizeBytes)).toEqual([0]);
});

it("takes a message that the broker delivers once more for handled", async () => {
  const body = await sent();
  await deliver(body);
  expect(await deliver(body)).toBe(true);
  expect(seen).toHaveLength(1);
  expect(ports.queue.take("reports-dead")).toEqual([]);
});

it("keeps the body over retries, and for the dead letter", async () => {
  outcome = () => retry({ afterSeconds: 0, reason: "not yet" });
  expect(await deliver(await sent())).toBe(true);
  const [again = ""] = ports.queue.take("reports");
  expect(await deliver(again)).toBe(true);
  expect(seen.map(({ body, attempt }) => [body.length, attempt])).toEqual([
    [1_000_000, 1],
    [1_000_000, 2],
  ]);
  const [dead = ""] = ports.queue.take("reports-dead");
  outcome = ack;
  expect(await deliver(dead)).toBe(true);
  expect(seen.at(-1)?.body).toBe(text);
});

it("dead-letters a message whose body is gone or another, and says so", async () => {
  const bodies = [await sent(), await sent()];
  const [first, second] = (await (await contents()).list()).items;
  await (await contents()).delete(first?.key ?? "", { ifEtag: "any" });
  await (await contents()).put(second?.key ?? "", '{"text":"forged"}', { ifEtag: "any" });
  for (const body of bodies) expect(await deliver(body)).toBe(true);
  expect(seen).toEqual([]);
  expect(ports.queue.take("reports-dead")).toHaveLength(2);
  const logged = JSON.stringify(ports.telemetry);
  expect(logged).toMatch(/the content of the message is gone; it was kept for 31 days/);
  expect(logged).toMatch(/the content of the message is not what was sent/);
});

it("tries again when the bucket cannot be reached, and acks although it cannot let go", async () => {
  const body = await sent();
  const down = { codeOf: () => "unavailable" as const };
  const unreadable = { ...ports, blob: { ...ports.blob, ...down, get: refuse } };
  expect(await deliver(body, unreadable)).toBe(true);
  expect(seen).toEqual([]);
  ports.clock.advance(60_000);
  const [again = ""] = ports.queue.take("reports");
  const readonly = { ...ports, blob: { ...ports.blob, ...down, put: refuse } };
  expect(await deliver(again, readonly)).toBe(true);
  expect(seen).toMatchObject([{ body: text, attempt: 2 }]);
});

it("reports a body that could not be stored, and sends the others", async () => {
  const blob = { ...ports.blob, codeOf: () => "unavailable" as const, put: refuse };
  const sender = openQueue(reports, { ...ports, blob }, scope);
  const results = await sender.send([{ text }, { text: "small" }]);
  expect(results).toMatchObject([
    { ok: false, fault: { code: "unavailable", origin: "platform" } },
    { ok: true },
  ]);
  expect(ports.queue.take("reports")).toHaveLength(1);
});
