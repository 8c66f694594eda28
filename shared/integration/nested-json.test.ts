import { describe, expect, it } from "vitest";
import { openNested } from "./nested-json.ts";

const open = (event: unknown): unknown => openNested({ nested: ["Message"] }, event);

describe("JSON in the text of an event", () => {
  it("is opened where the definition says that it may stand", () => {
    const event = { Message: '{"a":[1]}', Other: '{"b":1}' };
    expect(open(event)).toEqual({ Message: { a: [1] }, Other: '{"b":1}' });
    expect(open({ Message: "[1]" })).toEqual({ Message: [1] });
    expect(event.Message).toBe('{"a":[1]}');
    expect(openNested({}, event)).toBe(event);
  });

  it.each([
    { Message: "Hello from SNS!" },
    { Message: "1" },
    { Message: "null" },
    { Message: '"{}"' },
    { Message: '{"a":1' },
    { Message: '{"__proto__":{"admin":true}}' },
    { Message: "[".repeat(60) + "]".repeat(60) },
    { Message: { a: 1 } },
    { Other: "{}" },
    Object.create({ Message: "{}" }) as unknown,
    ["{}"],
    "{}",
    null,
  ])("stays text where it is none, or none that we take: %j", (event) => {
    expect(open(event)).toBe(event);
  });
});
