import { describe, expect, it } from "vitest";
import { answerHandshake, type Handshake } from "./handshake.ts";
import { readPlace } from "./place.ts";

const handshakes: readonly Handshake[] = [
  { kind: "echo", when: { field: "type", equals: "url_verification" }, field: "challenge" },
  { kind: "ping", when: { field: "type", equals: 1 }, status: 200, body: { type: 1 } },
  { kind: "ping", when: { field: "type", equals: 0 }, status: 204 },
];

describe("answerHandshake", () => {
  it.each([
    [
      { type: "url_verification", challenge: "3eZb" },
      { status: 200, body: { challenge: "3eZb" } },
    ],
    [{ type: 1 }, { status: 200, body: { type: 1 } }],
    [{ type: 0 }, { status: 204, body: undefined }],
    [{ type: "event_callback", challenge: "3eZb" }, undefined],
    [{ type: "1" }, undefined],
    [{ type: "url_verification" }, undefined],
    [{ type: "url_verification", challenge: { a: 1 } }, undefined],
    [{ type: "url_verification", challenge: "x".repeat(2_000) }, undefined],
    [null, undefined],
    ["url_verification", undefined],
  ])("answers %j", (payload, answer) => {
    expect(answerHandshake(handshakes, payload)).toEqual(answer);
  });
});

describe("readPlace", () => {
  const payload = { event: { type: "message", ts: 12 }, list: ["a"] };
  it.each([
    [{ header: "x-id" }, "h1"],
    [{ header: "x-none" }, undefined],
    [{ field: "event.type" }, "message"],
    [{ field: "event.ts" }, "12"],
    [{ field: "event" }, undefined],
    [{ field: "event.type.length" }, undefined],
    [{ field: "list.0" }, "a"],
    [{ field: "constructor.name" }, undefined],
  ])("reads %j", (place, value) => {
    expect(readPlace(place, { "x-id": "h1" }, payload)).toBe(value);
  });
});
