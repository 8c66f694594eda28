import type { Code } from "#shared/errors";
import type { DriverSendResult } from "#shared/queue";
import type { TopicDriver } from "../driver.ts";

class PlannedFailure extends Error {
  readonly code: Code;

  constructor(code: Code) {
    super("a planned failure");
    this.code = code;
  }
}

/** Fails some events of the next calls, by their index in the call, or whole calls; the rest reaches the driver. */
export type Plan = {
  readonly code: Code;
  readonly times: number;
  readonly events: "all" | readonly number[];
  /** What others do before the failure is seen. */
  readonly meanwhile?: () => void;
};

/** A driver that fails as planned and keeps how many events each call had. */
export type FlakyTopic = TopicDriver & { plan(plan: Plan): void; readonly calls: number[] };

/** Wraps a driver. Without a plan it behaves as the driver itself. */
export function flakyTopic(inner: TopicDriver): FlakyTopic {
  const calls: number[] = [];
  let current: Plan | undefined;
  return {
    name: inner.name,
    maxEventBytes: inner.maxEventBytes,
    calls,
    plan: (plan) => void (current = plan),
    async publish(topic, events, signal) {
      calls.push(events.length);
      if (current === undefined || current.times === 0) return inner.publish(topic, events, signal);
      const { code, events: failing, meanwhile } = current;
      current = { ...current, times: current.times - 1 };
      meanwhile?.();
      if (failing === "all") throw new PlannedFailure(code);
      const passed = events.filter((_, index) => !failing.includes(index));
      const results = [...(await inner.publish(topic, passed, signal))];
      return events.map((_, index): DriverSendResult => {
        if (failing.includes(index)) return { ok: false, error: new PlannedFailure(code) };
        return results.shift() ?? { ok: false, error: new Error("no result") };
      });
    },
    codeOf: (error) => (error instanceof PlannedFailure ? error.code : inner.codeOf(error)),
    close: () => inner.close(),
  };
}
