import { Fault } from "#shared/errors";
import { expect } from "vitest";
import { anEvent } from "./any-event.ts";
import { all, type Rule } from "./bench.ts";

const three = [{ text: "a" }, { text: "b" }, { text: "c" }];

/** What is refused, tried again and given up. */
export function failureRules(rule: Rule): void {
  refusalRules(rule);
  retryRules(rule);
}

function refusalRules(rule: Rule): void {
  rule("T11", "what does not fit is refused with its whole batch", async (bench) => {
    const invalid = { code: "invalid_argument" };
    const { orders } = bench;
    for (const text of ['{"text":1}', "[]", "null", "1"]) {
      const wrong: unknown = JSON.parse(text);
      // @ts-expect-error -- that is what a caller in plain JavaScript does
      const publishing = orders.publish("order.placed", [three[0], wrong]);
      await expect(publishing).rejects.toMatchObject(invalid);
    }
    // @ts-expect-error -- as above
    await expect(orders.publish("toString", { text: "" })).rejects.toMatchObject(invalid);
    for (const options of [
      { id: "for-all" },
      { subject: "a\nb" },
      { subject: "x".repeat(1_025) },
    ]) {
      await expect(orders.publish("order.placed", three, options)).rejects.toMatchObject(invalid);
    }
    expect(bench.driver.calls).toEqual([]);
    expect(await bench.texts(all)).toEqual([]);
  });

  rule("T12", "an ended invocation publishes nothing", async (bench) => {
    bench.signal.abort(new Error("over"));
    const publishing = bench.orders.publish("order.placed", { text: "too late" });
    await expect(publishing).rejects.toMatchObject({ code: "cancelled", message: "over" });
    const late = [anEvent("late")];
    const direct = bench.driver.publish("conformance-orders", late, AbortSignal.abort());
    await expect(direct).rejects.toBeDefined();
    expect(await bench.texts(all)).toEqual([]);
  });

  rule("T13", "a batch that failed in part names exactly what failed", async (bench) => {
    bench.driver.plan({ code: "invalid_argument", times: 1, events: [1] });
    const results = await bench.orders.publish("order.placed", three);
    expect(results).toMatchObject([
      { ok: true },
      { ok: false, fault: { code: "invalid_argument", origin: "platform" } },
      { ok: true },
    ]);
    const arrived = (await bench.receive(all)).map(({ id }) => id);
    const published = results.filter(({ ok }) => ok).map(({ id }) => id);
    expect(arrived.toSorted()).toEqual(published.toSorted());
    expect(bench.driver.calls).toEqual([3]);
  });
}

function retryRules(rule: Rule): void {
  rule("T14", "what was throttled is tried again, and nothing else with it", async (bench) => {
    bench.driver.plan({ code: "resource_exhausted", times: 1, events: [0, 2] });
    const results = await bench.orders.publish("order.placed", three);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(bench.driver.calls).toEqual([3, 2]);
    expect(await bench.texts(all)).toEqual(["a", "b", "c"]);
  });

  rule("T15", "a topic that is away for a moment loses nothing", async (bench) => {
    bench.driver.plan({ code: "unavailable", times: 3, events: "all" });
    const results = await bench.orders.publish("order.placed", three);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(bench.driver.calls).toEqual([3, 3, 3, 3]);
    expect(await bench.texts(all)).toEqual(["a", "b", "c"]);
  });

  rule("T16", "attempts are bounded, and what was published stays known", async (bench) => {
    bench.driver.plan({ code: "unavailable", times: 9, events: [0] });
    const results = await bench.orders.publish("order.placed", three);
    expect(results).toMatchObject([
      { ok: false, fault: { code: "unavailable" } },
      { ok: true },
      { ok: true },
    ]);
    expect(bench.driver.calls).toEqual([3, 1, 1, 1]);
    bench.driver.plan({ code: "unavailable", times: 4, events: "all" });
    const publishing = bench.orders.publish("order.placed", three);
    await expect(publishing).rejects.toMatchObject({ code: "unavailable", origin: "platform" });
    expect(await bench.texts(all)).toEqual(["b", "c"]);
  });

  rule("T17", "the end of the invocation ends the attempts", async (bench) => {
    const end = new Fault("cancelled", "over");
    const meanwhile = (): void => bench.signal.abort(end);
    bench.driver.plan({ code: "unavailable", times: 9, events: "all", meanwhile });
    await expect(bench.orders.publish("order.placed", three)).rejects.toBe(end);
    expect(bench.driver.calls).toEqual([3]);
  });

  rule("T18", "a service that refuses is told by its code, and is no success", async (bench) => {
    const { orders, code, driver } = await bench.refused();
    const outcome = await orders.publish("order.placed", three).catch((thrown: unknown) => thrown);
    const faults: readonly unknown[] = Array.isArray(outcome)
      ? outcome.map((result: unknown) => Reflect.get(Object(result), "fault"))
      : [outcome];
    expect(faults).toEqual(faults.map(() => expect.objectContaining({ code })));
    await driver.close();
    expect(await bench.texts(all)).toEqual([]);
  });
}
