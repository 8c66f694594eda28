import { Fault } from "#shared/errors";
import type { Ports } from "#shared/function";
import { describe, expect, it } from "vitest";
import { pending, show, withAgent } from "./testing/agent-world.ts";

/** Ports of a process that dies at its nth write, after or before the write takes effect, and does nothing after it. */
function dying(ports: Ports, nth: number, isAfter: boolean): Ports {
  let writes = 0;
  const died = new Fault("internal", "test: this process died");
  const act = async <T>(work: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes > nth || (writes === nth && !isAfter)) throw died;
    const result = await work();
    if (writes === nth) throw died;
    return result;
  };
  const { state, queue, actions } = ports;
  return {
    ...ports,
    state: { ...state, write: (...given) => act(() => state.write(...given)) },
    queue: { ...queue, send: (...given) => act(() => queue.send(...given)) },
    actions: { ...actions, call: (...given) => act(() => actions.call(...given)) },
  };
}

describe("a process that dies", () => {
  const steps = Array.from({ length: 8 }, (_, index) => index + 1);
  const places = steps.flatMap((nth) => [true, false].map((isAfter) => ({ nth, isAfter })));

  it.each(places)("at step $nth of approving (after: $isAfter) is made good for", async (at) => {
    const world = await withAgent();
    const id = await pending(world);
    const path = `/v1/agents/approvals/${id}/approve`;
    await world.call("POST", path, undefined, "key-a", dying(world.ports, at.nth, at.isAfter));
    await world.deliver(world.take());
    const { status } = await show(world, id);
    // What was approved has run, without anybody's help; what was not, nobody has run.
    expect([
      ["pending", 0],
      ["done", 1],
    ]).toContainEqual([status, world.effects.size]);
    expect((await world.call("POST", path)).status).toBe(200);
    await world.deliver(world.take());
    expect(await show(world, id)).toMatchObject({ status: "done" });
    expect([...world.effects.values()]).toEqual([1]);
  });

  it.each(places)("at step $nth of running (after: $isAfter) is made good for", async (at) => {
    const seen = new Map<string, unknown>();
    let effects = 0;
    // As integrations do: one effect per key.
    const world = await withAgent(({ idempotencyKey = "" }) => {
      if (!seen.has(idempotencyKey)) effects += 1;
      seen.set(idempotencyKey, { effects });
      return seen.get(idempotencyKey);
    });
    const id = await pending(world);
    await world.call("POST", `/v1/agents/approvals/${id}/approve`);
    const messages = world.take();
    await world.deliver(messages, 1, dying(world.ports, at.nth, at.isAfter));
    world.memory.clock.advance(120_000);
    await world.deliver(messages, 2);
    expect(await show(world, id)).toMatchObject({ status: "done", result: { effects: 1 } });
    expect(effects).toBe(1);
  });
});
