import { conformanceSuite, type Exceptions } from "#shared/testing";
import { expect } from "vitest";
import type { QueueDriver } from "./driver.ts";
import type { QueueReceiver } from "./receiver.ts";

export type ReceiverHarness = {
  /** What stands behind the receiver. */
  readonly engine: string;
  readonly queue: string;
  readonly open: () => Promise<{ readonly driver: QueueDriver; readonly receiver: QueueReceiver }>;
  /** How long a rule holds a message; short where time really has to pass. */
  readonly leaseSeconds: number;
  /** Lets the broker's time pass. */
  readonly pass: (milliseconds: number) => Promise<void>;
  /** Rules this broker cannot keep, each with its reason. */
  readonly except?: Exceptions;
};

/** The contract of the receiving half of a queue. */
export function receiverConformance(name: string, harness: ReceiverHarness): void {
  const subject = { port: "queue receiver", driver: name, engine: harness.engine };
  conformanceSuite(subject, harness.except ?? {}, (add) => {
    const rule = (id: string, title: string, run: (bench: Bench) => Promise<void>): void => {
      add(id, title, async () => {
        const { driver, receiver } = await harness.open();
        try {
          const lease = { limit: 10, leaseSeconds: harness.leaseSeconds };
          await run({ driver, receiver, lease, ...harness });
        } finally {
          await Promise.all([driver.close(), receiver.close()]);
        }
      });
    };
    leaseRules(rule);
    settlementRules(rule);
  });
}

type Bench = ReceiverHarness & {
  readonly driver: QueueDriver;
  readonly receiver: QueueReceiver;
  readonly lease: { readonly limit: number; readonly leaseSeconds: number };
};
type Rule = (id: string, title: string, run: (bench: Bench) => Promise<void>) => void;

function leaseRules(rule: Rule): void {
  rule("R01", "a received message is hidden for its lease, then there again", async (bench) => {
    const { receiver, queue, lease, pass } = bench;
    await send(bench, "work é");
    const [first] = await receiver.receive(queue, { ...lease, waitSeconds: 5 });
    expect(first?.body).toBe("work é");
    expect(await receiver.receive(queue, lease)).toEqual([]);
    await pass(lease.leaseSeconds * 1_000 + 1_000);
    const [second] = await receiver.receive(queue, { ...lease, waitSeconds: 5 });
    expect(second?.body).toBe("work é");
    await done(bench, second?.handle);
  });

  rule("R02", "deliveries are counted from one", async (bench) => {
    const { receiver, queue, lease, pass } = bench;
    await send(bench, "counted");
    const counts: (number | undefined)[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const [message] = await receiver.receive(queue, { ...lease, waitSeconds: 5 });
      counts.push(message?.receiveCount);
      await receiver.settle(queue, message?.handle ?? "", { visibleAfterMs: 0 });
      await pass(1_000);
    }
    const [last] = await receiver.receive(queue, { ...lease, waitSeconds: 5 });
    await done(bench, last?.handle);
    expect(counts).toEqual([1, 2, 3]);
  });

  rule(
    "R03",
    "at most as many come as were asked for, and all of them in the end",
    async (bench) => {
      const { receiver, queue, lease, driver } = bench;
      const bodies = Array.from({ length: 12 }, (_, index) => `number ${index}`);
      const messages = bodies.map((body) => ({ body, delaySeconds: 0 }));
      await driver.send(queue, messages, undefined);
      const got: string[] = [];
      while (got.length < bodies.length) {
        const some = await receiver.receive(queue, { ...lease, limit: 5, waitSeconds: 5 });
        expect(some.length).toBeLessThanOrEqual(5);
        expect(some).not.toEqual([]);
        got.push(...some.map(({ body }) => body));
        for (const { handle } of some) await done(bench, handle);
      }
      expect(got.toSorted()).toEqual(bodies.toSorted());
    },
  );
}

function settlementRules(rule: Rule): void {
  rule("R04", "a message that is done never comes back", async (bench) => {
    const { receiver, queue, lease, pass } = bench;
    await send(bench, "once");
    const [message] = await receiver.receive(queue, { ...lease, waitSeconds: 5 });
    await done(bench, message?.handle);
    await pass(lease.leaseSeconds * 1_000 + 1_000);
    expect(await receiver.receive(queue, lease)).toEqual([]);
  });

  rule("R05", "a message that is put back rests as long as told", async (bench) => {
    const { receiver, queue, lease, pass } = bench;
    await send(bench, "later");
    const [message] = await receiver.receive(queue, { ...lease, waitSeconds: 5 });
    const settled = await receiver.settle(queue, message?.handle ?? "", { visibleAfterMs: 4_500 });
    expect(settled).toBe(true);
    await pass(3_500);
    expect(await receiver.receive(queue, lease)).toEqual([]);
    await pass(2_000);
    const [again] = await receiver.receive(queue, { ...lease, waitSeconds: 5 });
    expect(again?.body).toBe("later");
    await done(bench, again?.handle);
  });

  rule("R06", "whoever settles too late learns that the message is another's", async (bench) => {
    const { receiver, queue, lease, pass } = bench;
    await send(bench, "late");
    const [first] = await receiver.receive(queue, { ...lease, waitSeconds: 5 });
    await pass(lease.leaseSeconds * 1_000 + 1_000);
    const [second] = await receiver.receive(queue, { ...lease, waitSeconds: 5 });
    const late = await receiver.settle(queue, first?.handle ?? "", { visibleAfterMs: 0 });
    await done(bench, second?.handle);
    expect(late).toBe(false);
  });
}

async function send({ driver, queue }: Bench, body: string): Promise<void> {
  expect(await driver.send(queue, [{ body, delaySeconds: 0 }], undefined)).toEqual([{ ok: true }]);
}

async function done({ receiver, queue }: Bench, handle: string | undefined): Promise<void> {
  expect(await receiver.settle(queue, handle ?? "", "done")).toBe(true);
}
