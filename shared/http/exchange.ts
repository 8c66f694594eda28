import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Fault, toFault } from "#shared/errors";
import type { Clock } from "#shared/function";
import type { Sockets } from "./sockets.ts";

/** One request on the wire, checked and complete. */
export type Exchange = {
  readonly method: string;
  readonly url: URL;
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly signal: AbortSignal;
  readonly connectMs: number;
  readonly totalMs: number;
  readonly maxBytes: number;
};

/** What came back. */
export type HttpResponse = {
  readonly status: number;
  /** Lower-case names; repeated ones joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** Told as soon as the request may have reached the other side. */
export type OnSent = () => void;

/**
 * Sends one request and reads the whole answer. Follows nothing, retries nothing, inflates nothing.
 * Throws Faults: `unavailable`, `deadline_exceeded` and `too_large` from `upstream`, or the signal's reason.
 */
export async function exchange(
  sockets: Sockets,
  clock: Clock,
  call: Exchange,
  onSent: OnSent,
): Promise<HttpResponse> {
  const stop = new AbortController();
  const finished = new AbortController();
  const connected = new AbortController();
  const limit = (milliseconds: number, what: string, met: AbortController): void => {
    const over = AbortSignal.any([met.signal, finished.signal]);
    clock.sleep(milliseconds, over).then(
      () => {
        stop.abort(late(call, what));
      },
      () => undefined,
    );
  };
  try {
    limit(call.totalMs, "did not answer in time", finished);
    limit(Math.min(call.connectMs, call.totalMs), "could not be connected to in time", connected);
    const signal = AbortSignal.any([call.signal, stop.signal]);
    const response = await send(sockets, call, signal, () => {
      connected.abort();
      onSent();
    });
    return await read(call, response);
  } catch (error) {
    throw explain(call, error, stop.signal);
  } finally {
    finished.abort();
  }
}

/** Sends one request and gives the answer as soon as its head is there. */
export function send(
  sockets: Sockets,
  call: Exchange,
  signal: AbortSignal,
  onConnected: () => void,
): Promise<IncomingMessage> {
  const request = call.url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = request(call.url, {
      method: call.method,
      agent: sockets.agentFor(call.url, call.allowed),
      headers: { ...call.headers, "accept-encoding": "identity" },
      signal,
    });
    outgoing.once("socket", (socket) => {
      const ready = call.url.protocol === "https:" ? "secureConnect" : "connect";
      if (outgoing.reusedSocket) onConnected();
      else socket.once(ready, onConnected);
    });
    outgoing.once("response", resolve);
    // `on`, not `once`: an abort in mid-answer emits a second error, which must find a listener.
    outgoing.on("error", reject);
    outgoing.end(call.body);
  });
}

async function read(call: Exchange, response: IncomingMessage): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  // An answer to HEAD tells the length of what it leaves out.
  const announced = call.method === "HEAD" ? 0 : Number(response.headers["content-length"] ?? 0);
  if (announced > call.maxBytes) {
    response.destroy();
    throw tooLong(call);
  }
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > call.maxBytes) {
      response.destroy();
      throw tooLong(call);
    }
    chunks.push(chunk);
  }
  const encoding = response.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw fault(call, "unavailable", "answered compressed without being asked to; report it there");
  }
  return { ...headOf(response), body: Buffer.concat(chunks) };
}

/** Status and headers of an answer. */
export function headOf(response: IncomingMessage): Pick<HttpResponse, "status" | "headers"> {
  const headers = Object.entries(response.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")] as const,
  );
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers) };
}

/** What went wrong, as a Fault. */
export function explain(call: Exchange, error: unknown, stopped: AbortSignal): Fault {
  if (Fault.is(error)) return error;
  if (stopped.aborted) return toFault(stopped.reason);
  if (call.signal.aborted) return toFault(call.signal.reason, "cancelled");
  return fault(call, "unavailable", `is unreachable (${errorCode(error)}); try again later`, error);
}

/** An answer is longer than it may be. */
export function tooLong(call: Exchange): Fault {
  return fault(call, "too_large", `answered more than ${call.maxBytes} bytes; ask for less`);
}

/** The time of a call is over. */
export function late(call: Exchange, what: string): Fault {
  return fault(call, "deadline_exceeded", `${what}; try again later`);
}

function fault(
  call: Exchange,
  code: "unavailable" | "deadline_exceeded" | "too_large",
  what: string,
  cause?: unknown,
): Fault {
  return new Fault(code, `http.request: ${call.url.host} ${what}`, { origin: "upstream", cause });
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "connection failed";
}
