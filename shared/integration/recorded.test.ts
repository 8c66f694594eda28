import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeBody } from "./api/body.ts";
import type { ApiBody, Part } from "./api/call.ts";
import { path } from "./path.ts";
import { playResponse, recordRequest } from "./recorded.ts";

const target = { method: "POST", path: path`/x` } as const;

function recorded(body: ApiBody) {
  const encoded = encodeBody({ ...target, body }, undefined);
  if (encoded === undefined) throw new Error("no body");
  return recordRequest({
    method: "POST",
    url: "/x",
    headers: { "content-type": encoded.type },
    body: encoded.bytes,
  });
}

// Not what a parser takes for the end of a head or a name.
const name = fc.string({ minLength: 1 }).filter((text) => !/["\r\n]/.test(text));

describe("what is recorded of a request", () => {
  it("is what was sent as multipart/form-data, whatever the bytes of its parts", async () => {
    const part = fc.record(
      {
        name,
        value: fc.oneof(fc.string(), fc.uint8Array()),
        filename: name,
        type: fc.constantFrom("text/plain", "application/zip"),
      },
      { requiredKeys: ["name", "value"] },
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts: Part[]) => {
        const { multipart = [] } = recorded({ kind: "multipart", parts });
        const contents = multipart.map(({ text, base64 }) =>
          text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text),
        );
        expect(multipart.map((one) => one.name)).toEqual(parts.map((one) => one.name));
        expect(multipart.map((one) => one.filename)).toEqual(parts.map((one) => one.filename));
        expect(contents).toEqual(parts.map(({ value }) => Buffer.from(value)));
      }),
    );
  });

  it("keeps text, bytes and rows apart, with their types", () => {
    const png = Uint8Array.of(0x89, 0x50, 0, 255);
    expect(recorded({ kind: "bytes", bytes: png, type: "image/png" })).toEqual({
      method: "POST",
      path: "/x",
      type: "image/png",
      base64: "iVAA/w==",
    });
    expect(recorded({ kind: "text", text: "a: 1", type: "text/yaml" })).toMatchObject({
      text: "a: 1",
      type: "text/yaml",
    });
    expect(recorded({ kind: "ndjson", rows: [{ a: 1 }, [2]] })).toMatchObject({
      ndjson: [{ a: 1 }, [2]],
    });
  });

  it("knows another host, repeated parameters, and the headers of the action itself", () => {
    const request = {
      method: "PUT",
      url: "/~api.example.com/a%2Fb?x=1&y=2&y=3",
      headers: { "if-match": '"1"', authorization: "hush", accept: "application/json" },
      body: new Uint8Array(),
    };
    expect(recordRequest(request, () => true)).toEqual({
      method: "PUT",
      host: "api.example.com",
      path: "/a%2Fb",
      query: { x: "1", y: ["2", "3"] },
      headers: { "if-match": '"1"' },
    });
    expect(recordRequest(request).headers).toBeUndefined();
  });
});

it("plays what is recorded, with the type of its body", () => {
  const played = [
    playResponse({ json: { a: 1 } }),
    playResponse({ status: 404, text: "no", headers: { "content-type": "text/html" } }),
    playResponse({ base64: "iVAA/w==" }),
    playResponse({ events: [{ event: "e", id: "7", data: "a\nb" }, { data: { n: 1 } }] }),
    playResponse({ ndjson: [1, { a: 2 }] }),
    playResponse({ status: 204 }),
  ].map(({ status, headers, body }) => [
    status,
    headers["content-type"],
    Buffer.from(body).toString("latin1"),
  ]);
  expect(played).toEqual([
    [200, "application/json", '{"a":1}'],
    [404, "text/html", "no"],
    [200, "application/octet-stream", "\u0089P\0ÿ"],
    [200, "text/event-stream", 'event: e\nid: 7\ndata: a\ndata: b\n\ndata: {"n":1}\n\n'],
    [200, "application/x-ndjson", '1\n{"a":2}\n'],
    [204, undefined, ""],
  ]);
});
