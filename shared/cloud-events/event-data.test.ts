import { assert, boolean, jsonValue, property } from "fast-check";
import { expect, it } from "vitest";
import * as z from "zod";
import { eventData, messageData } from "./event-data.ts";

const head = { specversion: "1.0", id: "1", source: "//pubsub.googleapis.com/t", type: "t" };
const messageOf = (data: unknown) => ({
  subscription: "projects/p/subscriptions/s",
  message: {
    messageId: "7",
    publishTime: "2026-11-20T18:40:02.331Z",
    attributes: { kind: "paid" },
    data: Buffer.from(JSON.stringify(data)).toString("base64"),
  },
});

it("reads an event's data alone and within the event", () => {
  const schema = eventData(z.object({ bucket: z.string() }));
  expect(schema.parse({ bucket: "b" })).toEqual({ bucket: "b" });
  expect(schema.parse({ ...head, data: { bucket: "b" } })).toEqual({ bucket: "b" });
  expect(schema.safeParse({ ...head, data: {} }).success).toBe(false);
});

it("reads whatever was published", () => {
  const schema = messageData(z.json());
  const value = jsonValue().map((one): unknown => JSON.parse(JSON.stringify(one)));
  assert(
    property(
      value.filter((one) => !JSON.stringify(one).includes("__proto__")),
      boolean(),
      (data, structured) => {
        const message = messageOf(data);
        const given = structured ? { ...head, data: message } : message;
        expect(schema.parse(given)).toEqual({
          id: "7",
          publishedAt: "2026-11-20T18:40:02.331Z",
          attributes: { kind: "paid" },
          orderingKey: null,
          subscription: "projects/p/subscriptions/s",
          data,
        });
      },
    ),
  );
});

it("refuses a message without JSON, or with another shape", () => {
  const schema = messageData(z.object({ order: z.string() }));
  const { subscription, message } = messageOf({ order: "o-1" });
  expect(schema.parse({ subscription, message }).data).toEqual({ order: "o-1" });
  for (const data of ["", "AQIDBA==", Buffer.from("{}").toString("base64")]) {
    expect(schema.safeParse({ subscription, message: { ...message, data } }).success).toBe(false);
  }
  expect(schema.safeParse({ order: "o-1" }).success).toBe(false);
});
