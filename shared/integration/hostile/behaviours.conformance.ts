import { gzipSync } from "node:zlib";
import type { RawCall } from "#shared/testing";

/** What our caller gets, after how many requests; `ok` for the vendor's answer. */
type Expected = {
  readonly requests: number;
  readonly code: string;
  readonly retryAfterSeconds?: number;
};

/** A way for a vendor to misbehave, and what is then done about it. */
export type Behaviour = {
  /** As a sentence goes on that begins with "The vendor". */
  readonly what: string;
  /** `n` counts this connection's requests from 1 on; `effect` is what the write would do. */
  readonly act: (call: RawCall, n: number, effect: () => void) => void | Promise<void>;
  /** A read, and a write with a key; a write that is one by nature goes the same way. */
  readonly repeatable: Expected;
  /** A write without a key. */
  readonly once: Expected & { readonly unknown: boolean };
  /** Effects of one write without a key, at the vendor. */
  readonly effects: 0 | 1;
};

/** Whether only a timeout ends an attempt. */
export function isEndless({ once }: Behaviour): boolean {
  return once.code === "deadline_exceeded";
}

/** The longest answer, in tests. */
export const MAX_RESPONSE_BYTES = 64 * 1024;

const good = '{"id":1}';
const bomb = gzipSync(Buffer.alloc(10_000_000));

/** Writes an answer as it is said, with the right length unless there is one. */
export function answer(
  { socket }: RawCall,
  status: string,
  headers: readonly string[] = [],
  body: string | Uint8Array = good,
): void {
  const framed = headers.some((line) => /^(?:content-length|transfer-encoding):/i.test(line));
  const length = framed ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  const head = [`HTTP/1.1 ${status}`, ...headers, ...length].join("\r\n");
  socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(body)]));
}

/** Does the effect, then answers. */
const after =
  (then: (call: RawCall, n: number) => void): Behaviour["act"] =>
  async (call, n, effect) => {
    await call.body;
    effect();
    then(call, n);
  };

const refuse =
  (...headers: readonly string[]): Behaviour["act"] =>
  (call) =>
    answer(call, "429 Too Many Requests", headers);

const thrice = (code: string): Expected => ({ requests: 3, code });
const doubtful = (code: string) => ({ requests: 1, code, unknown: true });
const refused = (code: string, more: Partial<Expected> = {}) => ({
  repeatable: { requests: 1, code, ...more },
  once: { requests: 1, code, unknown: false, ...more },
  effects: 0 as const,
});
const broken = (code: string) => ({
  repeatable: thrice(code),
  once: doubtful(code),
  effects: 1 as const,
});
const final = (code: string) => ({
  repeatable: { requests: 1, code },
  once: doubtful(code),
  effects: 1 as const,
});

/** The table of docs/guides/vendor-behaviour.md. */
export const behaviours: readonly Behaviour[] = [
  {
    what: "answers 429 with `Retry-After` in seconds, then takes the request",
    act: (call, n, effect) => {
      if (n <= 2) return answer(call, "429 Too Many Requests", ["retry-after: 0"]);
      effect();
      return answer(call, "200 OK");
    },
    repeatable: { requests: 3, code: "ok" },
    once: { requests: 1, code: "resource_exhausted", unknown: false, retryAfterSeconds: 1 },
    effects: 0,
  },
  {
    what: "answers 429 with more seconds than the invocation has",
    act: refuse("retry-after: 120"),
    ...refused("resource_exhausted", { retryAfterSeconds: 120 }),
  },
  {
    what: "answers 429 with a date",
    act: refuse("retry-after: Thu, 01 Jan 2026 00:02:00 GMT"),
    ...refused("resource_exhausted", { retryAfterSeconds: 120 }),
  },
  {
    what: "answers 429 with garbage for `Retry-After`",
    act: refuse("retry-after: soon; DROP TABLE"),
    repeatable: thrice("resource_exhausted"),
    once: { requests: 1, code: "resource_exhausted", unknown: false },
    effects: 0,
  },
  {
    what: "answers 429 with `X-RateLimit-Reset` only",
    act: refuse("x-ratelimit-remaining: 0", "x-ratelimit-reset: 90"),
    ...refused("resource_exhausted", { retryAfterSeconds: 90 }),
  },
  {
    what: "answers 503",
    act: after((call) => answer(call, "503 Service Unavailable", [], "")),
    ...broken("unavailable"),
  },
  {
    what: "breaks off before it has read the request",
    act: ({ socket }) => void socket.resetAndDestroy(),
    ...broken("unavailable"),
    effects: 0,
  },
  {
    what: "breaks off after it has read the request",
    act: after(({ socket }) => socket.resetAndDestroy()),
    ...broken("unavailable"),
  },
  {
    what: "breaks off in its answer, or announces more than it sends",
    act: after((call) => {
      answer(call, "200 OK", ["content-length: 1000"]);
      call.socket.end();
    }),
    ...broken("unavailable"),
  },
  {
    what: "announces more than it sends, and stays",
    act: after((call) => answer(call, "200 OK", ["content-length: 1000"])),
    ...broken("deadline_exceeded"),
  },
  {
    what: "announces less than it sends",
    act: after((call) => answer(call, "200 OK", ["content-length: 4"])),
    ...final("internal"),
  },
  {
    what: "announces two lengths",
    act: after((call) => answer(call, "200 OK", ["content-length: 8", "content-length: 9"])),
    ...broken("unavailable"),
  },
  {
    what: "announces 100 MB",
    act: after((call) => answer(call, "200 OK", ["content-length: 104857600"])),
    ...final("too_large"),
  },
  {
    what: "sends 100 MB without announcing it",
    act: after(({ socket }) => flood(socket)),
    ...final("too_large"),
  },
  {
    what: "sends a byte now and then",
    act: after(({ socket }) => drip(socket)),
    ...broken("deadline_exceeded"),
  },
  { what: "never answers", act: after(() => undefined), ...broken("deadline_exceeded") },
  {
    what: "redirects to the metadata service of a cloud",
    act: (call) => answer(call, "302 Found", ["location: http://169.254.169.254/latest/"]),
    ...refused("permission_denied"),
  },
  {
    what: "redirects to another port of this machine",
    act: (call) => answer(call, "302 Found", ["location: http://127.0.0.1:1/"]),
    ...refused("permission_denied"),
  },
  {
    what: "sends a gzip bomb that nobody asked for",
    act: after((call) => answer(call, "200 OK", ["content-encoding: gzip"], bomb)),
    ...broken("unavailable"),
  },
  {
    what: "sends endless headers",
    act: after((call) => answer(call, "200 OK", [`x-long: ${"x".repeat(100_000)}`])),
    ...broken("unavailable"),
  },
  {
    what: "does not speak HTTP",
    act: after(({ socket }) => socket.write("220 smtp.example.com ESMTP\r\n")),
    ...broken("unavailable"),
  },
  {
    what: "answers 200 with a page of HTML",
    act: after((call) => answer(call, "200 OK", ["content-type: text/html"], "<h1>Sorry</h1>")),
    ...final("internal"),
  },
];

/** 100 MB in parts, as fast as they are taken. */
function flood(socket: RawCall["socket"]): void {
  const part = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(65_536), Buffer.from("\r\n")]);
  let left = 1_600;
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      left--;
      if (!socket.write(part)) return;
    }
  };
  socket.on("drain", more);
  socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
  more();
}

function drip(socket: RawCall["socket"]): void {
  answerHead(socket);
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write(" ");
  }, 10);
}

function answerHead(socket: RawCall["socket"]): void {
  socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
}
