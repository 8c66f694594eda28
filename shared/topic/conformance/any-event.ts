import * as fc from "fast-check";
import { type CloudEvent, EventText } from "../cloud-event.ts";

const text = fc
  .string({ unit: "grapheme", minLength: 1 })
  .filter((value) => EventText.safeParse(value).success);
const json = fc.json({ maxDepth: 3 }).map((written): CloudEvent["data"] => JSON.parse(written));

/** Any event of ours, for tests of what carries events. */
export const anyEvent: fc.Arbitrary<CloudEvent> = fc.record(
  {
    specversion: fc.constant("1.0"),
    id: text,
    type: fc.stringMatching(/^[a-z]{1,9}(\.[a-z0-9]{1,9}){0,2}$/),
    source: fc.webPath().filter((path) => path !== ""),
    subject: text,
    time: fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => date.toISOString()),
    datacontenttype: fc.constant("application/json"),
    auteritytenant: text,
    traceparent: fc.constant("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    auterityevent: text,
    data: json,
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
