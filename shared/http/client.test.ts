import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "#shared/errors";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpClient, type HttpClientOptions, type HttpRequest } from "./client.ts";
import type { Resolve } from "./guard.ts";
import { openSockets } from "./sockets.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const clock: HttpClientOptions["clock"] = {
  now: () => Date.UTC(2026, 10, 21, 12, 0, 0),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal ? { signal } : {}),
};
// No jitter, so that a test waits for nothing.
const random: HttpClientOptions["random"] = {
  uuid: () => "00000000-0000-4000-8000-000000000000",
  next: () => 0,
  bytes: (length) => new Uint8Array(length),
};

let server: Server;
let origin: string;
let answers: Answer[];
let seen: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
let sockets: ReturnType<typeof openSockets>;

beforeEach(async () => {
  answers = [];
  seen = [];
  sockets = openSockets();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(request, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  origin = `http://127.0.0.1:${address.port}`;
});

afterEach(async () => {
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

const status =
  (code: number, headers: Record<string, string> = {}, body = ""): Answer =>
  (_, response) => {
    response.writeHead(code, headers).end(body);
  };
const reset: Answer = (request) => {
  request.socket.destroy();
};
const silent: Answer = () => undefined;
const noChannel: HttpRequest["failureOf"] = () => ({
  code: "not_found",
  reason: "channel_not_found\r\nx: <b>",
});

function call(
  request: Partial<HttpRequest> = {},
  options: Partial<HttpClientOptions> = {},
): Promise<{ status: number; headers: Readonly<Record<string, string>>; body: Uint8Array }> {
  const client = createHttpClient({ clock, random, sockets, allowedOrigins: [origin], ...options });
  return client.request({
    method: "GET",
    url: `${origin}/x`,
    signal: new AbortController().signal,
    remainingMs: () => 60_000,
    ...request,
  });
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!Fault.is(error)) throw new Error("expected a fault");
  return error;
}

describe("a request", () => {
  it("carries method, path, headers and body, and brings the answer back", async () => {
    answers = [status(201, { "x-a": "1" }, '{"id":1}')];
    const response = await call({
      method: "POST",
      url: `${origin}/a%2Fb?c=%20d`,
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode('{"n":1}'),
    });
    expect(response.status).toBe(201);
    expect(response.headers["x-a"]).toBe("1");
    expect(new TextDecoder().decode(response.body)).toBe('{"id":1}');
    expect(seen).toMatchObject([{ method: "POST", url: "/a%2Fb?c=%20d", body: '{"n":1}' }]);
    expect(seen[0]?.headers["accept-encoding"]).toBe("identity");
  });

  it("reuses its connection", async () => {
    const ports = new Set<number | undefined>();
    answers = [
      (request, response) => {
        ports.add(request.socket.remotePort);
        response.end();
      },
    ];
    await call();
    await call();
    expect(ports.size).toBe(1);
  });

  it.each([
    ["a line break in a value", { "x-a": "1\r\nx-b: 2" }],
    ["a line feed alone", { "x-a": "1\n" }],
    ["a null byte", { "x-a": "\0" }],
    ["a letter outside ascii", { "x-a": "ü" }],
    ["a colon in a name", { "x-a: 1\r\nx-b": "2" }],
    ["an empty name", { "": "1" }],
    ["a host", { Host: "internal" }],
    ["a length", { "content-length": "0" }],
    ["a framing", { "Transfer-Encoding": "chunked" }],
  ])("is not sent with %s among its headers", async (_, headers) => {
    const fault = await faultOf(call({ headers }));
    expect(fault.code).toBe("invalid_argument");
    expect(seen).toEqual([]);
  });

  it("goes to no internal address, by literal or by name", async () => {
    expect((await faultOf(call({}, { allowedOrigins: [] }))).code).toBe("permission_denied");
    let asked = 0;
    const resolve: Resolve = () => {
      asked++;
      return Promise.resolve([{ address: "127.0.0.1", family: 4 }]);
    };
    const named = openSockets(resolve);
    const url = `https://api.example.com:${new URL(origin).port}/x`;
    const fault = await faultOf(call({ url }, { sockets: named }));
    expect(fault.code).toBe("permission_denied");
    expect(asked).toBe(1);
    expect(seen).toEqual([]);
  });
});

describe("redirects", () => {
  it("are followed for reads within the host", async () => {
    answers = [status(301, { location: "/y" }), status(200)];
    await call();
    expect(seen.map(({ url }) => url)).toEqual(["/x", "/y"]);
  });

  it.each([
    "http://127.0.0.1:1/",
    "http://169.254.169.254/",
    "https://evil.example/",
    "//evil.example/",
  ])("to %s are a fault", async (location) => {
    answers = [status(302, { location })];
    const fault = await faultOf(call({ headers: { authorization: "Bearer abc" } }));
    expect(fault).toMatchObject({ code: "permission_denied", origin: "upstream" });
    expect(seen).toHaveLength(1);
  });

  it("are not followed for writes, nor for ever", async () => {
    answers = [status(307, { location: "/y" })];
    expect((await faultOf(call({ method: "POST" }))).code).toBe("failed_precondition");
    expect(seen).toHaveLength(1);
    expect((await faultOf(call())).code).toBe("failed_precondition");
    expect(seen).toHaveLength(5);
  });
});

describe("failures", () => {
  it.each([
    [400, "invalid_argument"],
    [401, "unauthenticated"],
    [403, "permission_denied"],
    [404, "not_found"],
    [409, "failed_precondition"],
    [422, "invalid_argument"],
    [429, "resource_exhausted"],
    [500, "unavailable"],
    [501, "unimplemented"],
    [503, "unavailable"],
    [504, "deadline_exceeded"],
  ])("status %i is %s from upstream", async (code, expected) => {
    answers = [status(code, {}, "secret payload")];
    const fault = await faultOf(call({ headers: { authorization: "Bearer hush" } }));
    expect(fault).toMatchObject({ code: expected, origin: "upstream", details: { status: code } });
    expect(fault.message).not.toMatch(/secret payload|hush/);
  });

  it("keep a name the vendor gave, without control characters", async () => {
    answers = [status(200, {}, '{"ok":false}')];
    const fault = await faultOf(call({ failureOf: noChannel }));
    expect(fault.code).toBe("not_found");
    expect(fault.message).toContain("(channel_not_found x: b)");
  });

  it("end when the answer is too large, compressed or cut off", async () => {
    answers = [status(200, {}, "x".repeat(2_000))];
    expect((await faultOf(call({}, { maxResponseBytes: 1_000 }))).code).toBe("too_large");
    answers = [status(200, { "content-encoding": "gzip" }, "x")];
    expect((await faultOf(call())).code).toBe("unavailable");
    answers = [
      (request, response) => {
        response.writeHead(200, { "content-length": "10" }).write("x");
        setImmediate(() => request.socket.destroy());
      },
    ];
    expect((await faultOf(call())).code).toBe("unavailable");
  });

  it("end a silent server by the timeout and by the invocation's signal", async () => {
    answers = [silent];
    const late = await faultOf(call({ method: "POST", timeoutSeconds: 0.05 }));
    expect(late).toMatchObject({ code: "deadline_exceeded", origin: "upstream" });
    const controller = new AbortController();
    const work = faultOf(call({ signal: controller.signal }));
    controller.abort(new Fault("cancelled", "test: the caller left"));
    expect((await work).code).toBe("cancelled");
  });
});

describe("retries", () => {
  it("repeat reads and repeatable writes", async () => {
    for (const request of [
      { method: "GET" },
      { method: "HEAD" },
      { method: "POST", repeatable: true },
    ] as const) {
      seen.length = 0;
      answers = [status(503), reset, status(200)];
      expect((await call(request)).status).toBe(200);
      expect(seen).toHaveLength(3);
    }
  });

  it("give up after three attempts", async () => {
    answers = [status(503)];
    expect((await faultOf(call())).code).toBe("unavailable");
    expect(seen).toHaveLength(3);
  });

  it.each([
    ["503", status(503), "unknown"],
    ["a reset", reset, "unknown"],
    ["429", status(429), undefined],
    ["400", status(400), undefined],
  ])("never repeat an unrepeatable write after %s", async (_, answer, outcome) => {
    answers = [answer, status(200)];
    const fault = await faultOf(call({ method: "POST" }));
    expect(seen).toHaveLength(1);
    expect(fault.details["outcome"]).toBe(outcome);
  });

  it("repeat even an unrepeatable write that was never sent", async () => {
    let asked = 0;
    const failing = openSockets(() => {
      asked++;
      return Promise.reject(Object.assign(new Error("no such host"), { code: "ENOTFOUND" }));
    });
    const fault = await faultOf(
      call({ method: "POST", url: "https://api.example.com/" }, { sockets: failing }),
    );
    expect(fault.code).toBe("unavailable");
    expect(fault.details["outcome"]).toBeUndefined();
    expect(asked).toBe(3);
  });

  it("do not repeat what cannot succeed", async () => {
    answers = [status(404), status(200)];
    expect((await faultOf(call())).code).toBe("not_found");
    expect(seen).toHaveLength(1);
  });

  it("wait as long as Retry-After says, or hand it on when that is too long", async () => {
    answers = [status(429, { "retry-after": "0" }), status(200)];
    expect((await call()).status).toBe(200);
    answers = [status(429, { "retry-after": "Sat, 21 Nov 2026 12:02:00 GMT" })];
    const fault = await faultOf(call());
    expect(fault).toMatchObject({ code: "resource_exhausted", retryAfterMs: 120_000 });
    expect(seen).toHaveLength(3);
  });

  it("stop with the invocation", async () => {
    const controller = new AbortController();
    answers = [
      (_, response) => {
        response.writeHead(503, { "retry-after": "20" }).end();
        setImmediate(() => {
          controller.abort(new Fault("cancelled", "test: the invocation has ended"));
        });
      },
    ];
    expect((await faultOf(call({ signal: controller.signal }))).code).toBe("cancelled");
    expect(seen).toHaveLength(1);
  });
});
