import * as fc from "fast-check";
import { type CloudEvent, EventText } from "../cloud-event.ts";

const anyText = fc
  .string({ unit: "grapheme", minLength: 1 })
  .filter((value) => EventText.safeParse(value).success);
// Reading drops a key that would become an object's prototype.
const json = fc.json({ maxDepth: 2 }).filter((written) => !written.includes("__proto__"));
const data = fc
  .dictionary(
    fc.string().filter((key) => key !== "__proto__"),
    json,
  )
  .map((written): CloudEvent["data"] =>
    Object.fromEntries(Object.entries(written).map(([key, value]) => [key, JSON.parse(value)])),
  );

/** Any event of ours, for tests of what carries events. */
export const anyEvent: fc.Arbitrary<CloudEvent> = fc.record(
  {
    specversion: fc.constant("1.0"),
    id: anyText,
    type: fc.stringMatching(/^[a-z]{1,9}(\.[a-z0-9]{1,9}){0,2}$/),
    source: fc.webPath().filter((path) => path !== ""),
    subject: anyText,
    time: fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => date.toISOString()),
    datacontenttype: fc.constant("application/json"),
    auteritytenant: anyText,
    traceparent: fc.constant("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    auterityevent: anyText,
    data,
  },
  {
    requiredKeys: [
      "specversion",
      "id",
      "type",
      "source",
      "time",
      "datacontenttype",
      "auteritytenant",
      "data",
    ],
  },
);

/** An event of ours with this id and text. */
export function anEvent(id: string, text = ""): CloudEvent {
  return {
    specversion: "1.0",
    id,
    type: "order.placed",
    source: "/tenants/acme/topics/orders",
    time: "2026-01-01T00:00:00Z",
    datacontenttype: "application/json",
    auteritytenant: "acme",
    data: { text },
  };
}
