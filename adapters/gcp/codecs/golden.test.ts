import { gzipSync } from "node:zlib";
import { bodyText } from "#shared/function";
import { decodeEnvelope } from "#shared/queue";
import { decodeCloudEvent } from "#shared/topic";
import { describe, expect, it } from "vitest";
import pushedEvent from "../fixtures/pubsub-event.json" with { type: "json" };
import push from "../fixtures/pubsub-push.json" with { type: "json" };
import job from "../fixtures/scheduler-job.json" with { type: "json" };
import { callOnce } from "../server.conformance.ts";
import { type GcpNativeResponse, gcpHttpCodec } from "./http.ts";
import { gcpQueueCodec } from "./queue.ts";
import { gcpScheduleCodec } from "./schedule.ts";

const json = { "content-type": "application/json" };

describe("google's events as they are sent", () => {
  it("pub/sub push: handle, count and envelope", async () => {
    const seen = await seenBy((request) => gcpQueueCodec.decode(request), {
      headers: json,
      body: Buffer.from(JSON.stringify(push)),
    });
    expect(seen).toMatchObject([{ handle: "2070443601311540", receiveCount: 4 }]);
    expect(decodeEnvelope(seen[0]?.body ?? "")).toMatchObject({ id: "e-1", tenant: "acme" });
  });

  it("pub/sub push of an event in binary mode: its attributes and data as one", async () => {
    const [seen] = await seenBy((request) => gcpQueueCodec.decode(request), {
      headers: json,
      body: Buffer.from(JSON.stringify(pushedEvent)),
    });
    expect(seen).toMatchObject({ handle: "2070443601311541", receiveCount: 1 });
    expect(decodeCloudEvent(seen?.body ?? "")).toEqual({
      specversion: "1.0",
      id: "e-1",
      type: "order.placed",
      source: "/tenants/acme/topics/orders",
      time: "2026-11-21T09:30:00.000Z",
      datacontenttype: "application/json",
      auteritytenant: "acme",
      data: { n: 1 },
    });
  });

  it("pub/sub push of an event whose data is none of ours: the data, to be put aside", () => {
    const message = { ...pushedEvent.message, data: Buffer.from("<xml/>").toString("base64") };
    const rawBody = Buffer.from(JSON.stringify({ ...pushedEvent, message }));
    const request = { method: "POST", url: "/", headers: json, rawBody };
    expect(gcpQueueCodec.decode(request)).toMatchObject([{ body: "<xml/>" }]);
  });

  it("pub/sub push without data or without a dead-letter policy", () => {
    const { data: _, ...message } = push.message;
    const rawBody = Buffer.from(JSON.stringify({ message, subscription: push.subscription }));
    expect(gcpQueueCodec.decode({ method: "POST", url: "/", headers: json, rawBody })).toEqual([
      { handle: "2070443601311540", body: "", receiveCount: 1 },
    ]);
  });

  it.each(["", "{}", "[]", '{"message":{"data":"%%%","messageId":"1"},"subscription":"s"}'])(
    "refuses %j, which is no push, without quoting it",
    (text) => {
      const rawBody = Buffer.from(text);
      const decode = (): unknown =>
        gcpQueueCodec.decode({ method: "POST", url: "/", headers: json, rawBody });
      expect(decode).toThrow("gcp.queue: the request is no wrapped Pub/Sub push");
    },
  );

  it("scheduler job: the slot it was planned for", () => {
    const nowMs = Date.UTC(2026, 10, 21, 9, 33, 7);
    expect(gcpScheduleCodec.decode({ headers: job.headers, nowMs })).toEqual({
      slotMs: Date.UTC(2026, 10, 21, 9, 30),
      firedAtMs: nowMs,
    });
  });

  it("scheduler job: the minute when no time came, and nobody but the scheduler", () => {
    const nowMs = Date.UTC(2026, 10, 21, 9, 33, 7);
    const headers = { "x-cloudscheduler": "true" };
    expect(gcpScheduleCodec.decode({ headers, nowMs }).slotMs).toBe(Date.UTC(2026, 10, 21, 9, 33));
    expect(() => gcpScheduleCodec.decode({ headers: {}, nowMs })).toThrow("gcp.schedule");
  });
});

describe("what the framework does before us", () => {
  it("inflates a compressed body and leaves content-encoding, which a signature check must refuse", async () => {
    const input = await seenBy((request) => gcpHttpCodec.decode(request), {
      headers: { ...json, "content-encoding": "gzip" },
      body: gzipSync('{"a":1}'),
    });
    expect(input.headers["content-encoding"]).toBe("gzip");
    expect(bodyText(input)).toBe('{"a":1}');
  });

  it.each([
    ["invalid JSON", "application/json", '{"a":', 400],
    ["a JSON scalar, because the parser is strict", "application/json", '"x"', 400],
    ["a charset that JSON does not have", "application/json; charset=latin1", "{}", 415],
  ])("answers %s itself", async (_, contentType, body, status) => {
    const response = await untouched({ headers: { "content-type": contentType }, body });
    expect(response.status).toBe(status);
  });

  it.each(["/favicon.ico", "/robots.txt"])("answers %s with 404 itself", async (target) => {
    expect(await untouched({ target })).toMatchObject({ status: 404 });
  });

  it("joins repeated headers and reads a request line that is a whole URL", () => {
    const input = gcpHttpCodec.decode({
      method: "GET",
      url: "http://fn.example/v1/a%2Fb?x=1?2",
      headers: { "x-tag": "one, two", "set-cookie": ["a=1", "b=2"] },
    });
    expect(input).toMatchObject({ path: "/v1/a%2Fb", query: "x=1?2" });
    expect(input).toMatchObject({ headers: { "x-tag": "one, two", "set-cookie": "a=1, b=2" } });
  });
});

type Sent = { target?: string; headers?: Record<string, string>; body?: string | Uint8Array };
type Seen = Parameters<typeof gcpHttpCodec.decode>[0];

/** What a function sees of a request that went through the framework. */
async function seenBy<T>(read: (request: Seen) => T | Promise<T>, sent: Sent): Promise<T> {
  const seen: T[] = [];
  await callOnce(async (request, response) => {
    seen.push(await read(request));
    response.end();
  }, native(sent));
  const [first] = seen;
  if (first === undefined) throw new Error("the framework did not call the function");
  return first;
}

/** The framework's answer to a request that it must not hand on. */
async function untouched(sent: Sent): Promise<GcpNativeResponse> {
  let called = false;
  const response = await callOnce((_, answer) => {
    called = true;
    answer.end();
  }, native(sent));
  expect(called).toBe(false);
  return response;
}

function native({ target = "/", headers = {}, body = "" }: Sent): Parameters<typeof callOnce>[1] {
  const bytes = Buffer.from(body);
  const length: Record<string, string> =
    bytes.length === 0 ? {} : { "content-length": String(bytes.length) };
  return { method: "POST", target, headers: { ...headers, ...length }, body: bytes };
}
