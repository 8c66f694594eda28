import { expect } from "vitest";
import { encodeCloudEvent } from "../cloud-event.ts";
import { all, other, type Rule, shipped } from "./bench.ts";

/** What arrives where. */
export function deliveryRules(rule: Rule): void {
  rule("T01", "an event arrives once, with tenant, trace, event, subject and id", async (bench) => {
    const [sent] = await bench.orders.publish(
      "order.placed",
      { text: "first" },
      { id: "mine", subject: "orders/7 ü" },
    );
    expect(sent).toEqual({ ok: true, id: "mine" });
    expect(await bench.receive(all)).toEqual([
      {
        specversion: "1.0",
        id: "mine",
        type: "order.placed",
        source: "/tenants/acme/topics/conformance-orders",
        subject: "orders/7 ü",
        time: expect.stringMatching(/^2026-01-01T00:00:00(?:\.0+)?Z$/),
        datacontenttype: "application/json",
        auteritytenant: "acme",
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        auterityevent: "delivery-1",
        data: { text: "first" },
      },
    ]);
    expect(await bench.receive(all)).toEqual([]);
  });

  rule("T02", "every subscriber of a type gets its events, once each", async (bench) => {
    await bench.orders.publish("order.shipped", [{ text: "one" }, { text: "two" }]);
    expect(await bench.texts(all)).toEqual(["one", "two"]);
    expect(await bench.texts(shipped)).toEqual(["one", "two"]);
  });

  rule("T03", "a subscriber gets the types it asked for and no other", async (bench) => {
    await bench.orders.publish("order.placed", { text: "placed" });
    await bench.orders.publish("order.shipped", { text: "shipped" });
    expect(await bench.texts(all)).toEqual(["placed", "shipped"]);
    expect(await bench.texts(shipped)).toEqual(["shipped"]);
  });

  rule("T04", "topics are apart", async (bench) => {
    await bench.bills.publish("bill.sent", { text: "bill" });
    expect(await bench.texts(all)).toEqual([]);
    expect(await bench.texts(other)).toEqual(["bill"]);
  });

  rule("T05", "every event of a batch arrives and has a result of its own", async (bench) => {
    const texts = Array.from({ length: 25 }, (_, index) => `number ${index + 10}`);
    const results = await bench.orders.publish(
      "order.placed",
      texts.map((text) => ({ text })),
    );
    expect(results.map(({ ok }) => ok)).toEqual(texts.map(() => true));
    expect(new Set(results.map(({ id }) => id)).size).toBe(25);
    const arrived = new Map((await bench.receive(all)).map(({ id, data }) => [id, data]));
    expect(results.map(({ id }) => arrived.get(id))).toEqual(texts.map((text) => ({ text })));
  });

  rule("T06", "text arrives as it was, whatever characters it has", async (bench) => {
    const texts = ["é\u0000\u001f\u007f\u2028", "\ufffd\ufffe\uffff", '\\"\n', "<&>'%{}"];
    await bench.orders.publish(
      "order.placed",
      texts.map((text) => ({ text })),
    );
    expect(await bench.texts(all)).toEqual(texts.toSorted());
  });

  rule("T07", "so does text beyond the basic plane", async (bench) => {
    await bench.orders.publish("order.placed", { text: "😀 𝕏" }, { subject: "😀" });
    expect(await bench.receive(all)).toMatchObject([{ subject: "😀", data: { text: "😀 𝕏" } }]);
  });

  rule("T08", "an event that nobody subscribed to is no error", async (bench) => {
    expect(await bench.unheard.publish("tree.fell", { text: "?" })).toMatchObject([{ ok: true }]);
    expect(await bench.texts(all)).toEqual([]);
  });

  rule("T09", "an event published again keeps its id, by which it is recognised", async (bench) => {
    const publish = () => bench.orders.publish("order.placed", { text: "same" }, { id: "again" });
    await publish();
    await publish();
    const ids = (await bench.receive(all)).map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set(["again"]));
  });

  rule("T10", "the largest event fits; a larger one fails alone and is not sent", async (bench) => {
    await bench.orders.publish("order.placed", { text: "" });
    const [empty] = await bench.receive(all);
    const frame = empty === undefined ? 0 : Buffer.byteLength(encodeCloudEvent(empty));
    const room = bench.driver.maxEventBytes - frame;
    const largest = "é".repeat(room >> 1) + "x".repeat(room & 1);
    const batch = [{ text: `${largest}x` }, { text: largest }, { text: "" }];
    const results = await bench.orders.publish("order.placed", batch);
    expect(results[0]).toMatchObject({ ok: false, fault: { code: "too_large" } });
    expect(results.slice(1)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(bench.driver.calls.at(-1)).toBe(2);
    expect(await bench.texts(all)).toEqual(["", largest]);
  });
}
