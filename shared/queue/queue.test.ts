import { memoryPorts } from "#shared/testing";
import { expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { QueueDriver } from "./driver.ts";
import { deadLetterQueue, queue, type QueueRef } from "./queue.ts";

const Push = z.object({ ref: z.string(), at: z.string().transform((text) => new Date(text)) });
const pushes = queue("git-pushes", { schema: Push, maxAttempts: 3 });
const scope = {
  tenant: "default",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};
const body = { ref: "main", at: "2026-01-01T00:00:00Z" };

it("is typed by what a sender may put in, and fits where any queue does", () => {
  const grant = pushes.grant("send");
  type Sent = Parameters<ReturnType<typeof grant.connect>["send"]>[0];
  expectTypeOf<Sent>().toEqualTypeOf<z.input<typeof Push> | readonly z.input<typeof Push>[]>();
  const any: QueueRef = pushes;
  expect(any).toMatchObject({ name: "git-pushes", maxAttempts: 3, visibilitySeconds: 60 });
  expect(deadLetterQueue(any.name)).toBe("git-pushes-dead");
});

it("gives a client that can send and do nothing else", async () => {
  const ports = memoryPorts();
  const client = pushes.grant("send").connect(ports, scope);
  expect(Object.keys(client)).toEqual(["send"]);
  await client.send(body);
  expect(ports.queue.take("git-pushes")[0]).toContain('"at":"2026-01-01T00:00:00Z"');
});

it("refuses a name that no cloud would take", () => {
  for (const name of ["ab", "Pushes", "a--b", "-a-b", "a".repeat(59)]) {
    expect(() => queue(name, { schema: Push })).toThrow(/queue.define/);
  }
});

it("throws for a queue that failed as a whole and reports a message that failed alone", async () => {
  const ports = memoryPorts();
  const down: QueueDriver = {
    ...ports.queue,
    send: () => Promise.reject(new Error("socket hang up")),
    codeOf: () => "unavailable",
  };
  const failing = pushes
    .grant("send")
    .connect({ ...ports, queue: down }, scope)
    .send(body);
  await expect(failing).rejects.toMatchObject({ code: "unavailable", origin: "platform" });
  const partly: QueueDriver = {
    ...down,
    send: async () => [{ ok: true }, { ok: false, error: new Error("throttled") }],
  };
  const client = pushes.grant("send").connect({ ...ports, queue: partly }, scope);
  expect(await client.send([body, body])).toMatchObject([
    { ok: true },
    { ok: false, fault: { code: "unavailable", details: { queue: "git-pushes" } } },
  ]);
});
