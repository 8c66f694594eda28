import { bodyBytes, type HttpInput, type HttpOutput } from "#shared/function";
import { describe, expect, it } from "vitest";
import type { HttpCodec } from "./codecs.ts";
import { readCookie } from "./read-cookie.ts";

/** Takes one request through the vendor's own runtime library to `answer`, and its result back out. */
export type Carry<Event, Result, NativeRequest, NativeResponse> = (
  request: NativeRequest,
  answer: (event: Event) => Result | Promise<Result>,
) => Promise<NativeResponse>;

const plain: HttpInput = {
  method: "GET",
  path: "/v1/things",
  query: "",
  headers: { host: "fn.example" },
  body: "",
  clientIp: undefined,
};
const post: HttpInput = { ...plain, method: "POST" };
const json = { "content-type": "application/json" };
const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

const requests: Readonly<Record<string, HttpInput>> = {
  "GET without a body": plain,
  "a query as it came: repeated, encoded, empty, plus and %20": {
    ...plain,
    query: "x=1&x=2&y=%20%26&z=a+b&empty=&flag&%C3%A9=%2F",
  },
  "a percent-encoded path: slash, unicode, plus": { ...plain, path: "/v1/a%2Fb/caf%C3%A9/c+d" },
  "a JSON body": { ...post, headers: { ...plain.headers, ...json }, body: '{"n": 1, "é": "ü"}' },
  "a JSON body with a byte order mark and trailing space": {
    ...post,
    headers: { ...plain.headers, "content-type": "text/plain" },
    body: "\uFEFF{} ",
  },
  "a form body": {
    ...post,
    headers: { ...plain.headers, "content-type": "application/x-www-form-urlencoded" },
    body: "a=1&a=2&b=%20+",
  },
  "every byte there is": {
    ...post,
    method: "PUT",
    headers: { ...plain.headers, "content-type": "application/octet-stream" },
    body: bytes,
  },
  "bytes that are no UTF-8 under a text content type": {
    ...post,
    headers: { ...plain.headers, "content-type": "text/plain" },
    body: new Uint8Array([0xc3, 0x28, 0xff]),
  },
  "POST with an empty body": { ...post, headers: { ...plain.headers, ...json } },
  "a body of 1 MB": {
    ...post,
    headers: { ...plain.headers, "content-type": "application/octet-stream" },
    body: new Uint8Array(1_000_000).fill(7),
  },
  "two cookies, one with an equals sign": {
    ...plain,
    headers: { ...plain.headers, cookie: "Session=abc==; b=2" },
  },
  "a repeated header, joined": { ...plain, headers: { ...plain.headers, "x-tag": "one, two" } },
  "a header of 8 KB": { ...plain, headers: { ...plain.headers, "x-long": "v".repeat(8_000) } },
  HEAD: { ...plain, method: "HEAD" },
  DELETE: { ...plain, method: "DELETE" },
  PATCH: { ...post, method: "PATCH", headers: { ...plain.headers, ...json }, body: "[]" },
};

const text = { "content-type": "text/plain; charset=utf-8" };
const ok: HttpOutput = { status: 200, headers: text, cookies: [], body: "ok" };

const responses: Readonly<Record<string, HttpOutput>> = {
  "200 with text": ok,
  "text beyond ASCII": { ...ok, body: "é😀\u0000" },
  "JSON as text": { ...ok, headers: json, body: '{"a":[1]}' },
  "every byte there is": {
    ...ok,
    headers: { "content-type": "application/octet-stream" },
    body: bytes,
  },
  "bytes under a text content type": { ...ok, body: new Uint8Array([0xff, 0xfe, 0]) },
  "an empty body": { ...ok, body: "" },
  "204": { ...ok, status: 204, headers: {}, body: "" },
  "304 with an etag": { ...ok, status: 304, headers: { etag: '"1"' }, body: "" },
  "302 to elsewhere": { ...ok, status: 302, headers: { location: "/x?a=1&b=%20" }, body: "" },
  "418 and own headers": { ...ok, status: 418, headers: { ...text, "x-own": "1, 2" } },
  "a problem": {
    ...ok,
    status: 503,
    headers: { "content-type": "application/problem+json", "retry-after": "7" },
    body: "{}",
  },
};

const cookies: Readonly<Record<string, readonly string[]>> = {
  "three cookies": ["a=1; Path=/", "b=2; Path=/", "c=3; Path=/"],
  "the case of a name": ["SessionId=1; Path=/; HttpOnly"],
  "an equals sign in a value": ["Session=abc==; Path=/; Secure"],
  "an escaped value": ["v=a%3Db%25%20; Path=/"],
  "a percent sign that escapes nothing": ["v=100%; Path=/"],
  "quotes and spaces": ['v="a b"; Path=/'],
  "every attribute": [
    "k=v; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Max-Age=3600; Domain=fn.example; Path=/v1; Secure; HttpOnly; SameSite=Lax",
  ],
  "SameSite=None beside Strict": [
    "a=1; Path=/; Secure; SameSite=None",
    "b=2; Path=/; SameSite=Strict",
  ],
  "a deletion": ["gone=; Path=/; Max-Age=0"],
};

/**
 * The contract of every cloud's HTTP edge: nothing is lost or invented in either direction, through the vendor's
 * own library.
 */
export function httpCodecConformance<Event, Result, NativeRequest, NativeResponse>(
  codec: HttpCodec<Event, Result, NativeRequest, NativeResponse>,
  carry: Carry<Event, Result, NativeRequest, NativeResponse>,
): void {
  const receive = async (input: HttpInput): Promise<HttpInput> => {
    const seen: HttpInput[] = [];
    await carry(codec.emulate(input), async (event) => {
      seen.push(await codec.decode(event));
      return codec.encode(ok);
    });
    const [first] = seen;
    if (first === undefined) throw new Error("the library did not call the function");
    return first;
  };
  const send = async (output: HttpOutput): Promise<HttpOutput> =>
    codec.render(await carry(codec.emulate(plain), () => codec.encode(output)));

  describe(`${codec.runtime} http codec`, () => {
    it.each(Object.entries(requests))("request: %s", async (_, sent) => {
      const received = await receive(sent);
      expect(received).toMatchObject({
        method: sent.method,
        path: sent.path,
        query: sent.query,
        headers: sent.headers,
      });
      expect(Buffer.from(bodyBytes(received))).toEqual(Buffer.from(bodyBytes(sent)));
    });

    it.each(["203.0.113.7", "2001:db8::7"])("request: a caller at %s", async (clientIp) => {
      expect(await receive({ ...plain, clientIp })).toMatchObject({ clientIp });
    });

    it("does not believe an address that the caller claims", async () => {
      const claimed = { ...plain.headers, "x-forwarded-for": "10.0.0.1" };
      const received = await receive({ ...plain, headers: claimed, clientIp: "203.0.113.7" });
      expect(received.clientIp).toBe("203.0.113.7");
    });

    it.each(Object.entries(responses))("response: %s", async (_, sent) => {
      const received = await send(sent);
      expect(received.status).toBe(sent.status);
      expect(received.headers).toMatchObject(sent.headers);
      expect(Object.keys(received.headers)).not.toContain("set-cookie");
      expect(received.cookies).toEqual([]);
      expect(Buffer.from(bodyBytes(received))).toEqual(Buffer.from(bodyBytes(sent)));
    });

    it("invents no content type", async () => {
      const received = await send({ ...ok, headers: {} });
      expect(Object.keys(received.headers)).not.toContain("content-type");
    });

    it.each(Object.entries(cookies))("set-cookie: %s", async (_, lines) => {
      const received = await send({ ...ok, cookies: lines });
      expect(received.cookies.map(readCookie)).toEqual(lines.map(readCookie));
      expect(Object.keys(received.headers)).not.toContain("set-cookie");
    });
  });
}
