import type { IncomingMessage } from "node:http";
import type { HttpClientOptions, HttpRequest } from "./client.ts";
import {
  type Exchange,
  explain,
  headOf,
  type HttpResponse,
  late,
  type OnSent,
  send,
  tooLong,
} from "./exchange.ts";
import { checkUrl } from "./guard.ts";
import { checkHeaders } from "./headers.ts";

export type HttpStreamRequest = Pick<
  HttpRequest,
  "method" | "url" | "headers" | "body" | "signal"
> & {
  /** How long the other side may be silent: before its answer, and in the course of it. */
  readonly silenceSeconds: number;
  /** Told as soon as the request may have reached the other side. */
  readonly onSent?: () => void;
};

/** What a stream needs of a client. */
export type StreamOptions = Omit<HttpClientOptions, "random" | "pace">;

/** An answer whose body is read as it comes. Who does not read it to its end must end the iteration. */
export type HttpStream = Pick<HttpResponse, "status" | "headers"> & {
  readonly body: AsyncIterable<Uint8Array>;
};

/**
 * Sends one request, once, and gives the answer when its head is there: for answers that come in parts. The same guard
 * as the client's; nothing is repeated and no redirect followed. Throws Faults from `upstream`, the body while it is
 * read too, or the signal's reason.
 */
export async function openHttpStream(
  options: StreamOptions,
  request: HttpStreamRequest,
): Promise<HttpStream> {
  const headers = request.headers ?? {};
  checkHeaders(headers);
  const url = checkUrl(request.url, options.allowedOrigins ?? []);
  const totalMs = request.silenceSeconds * 1000;
  const call: Exchange = {
    ...request,
    url,
    headers,
    body: request.body,
    allowed: options.allowedOrigins?.includes(url.origin) === true,
    connectMs: Math.min(totalMs, (options.connectTimeoutSeconds ?? 3) * 1000),
    totalMs,
    maxBytes: options.maxResponseBytes ?? 8 * 1024 * 1024,
  };
  return new Reading(options, call).open(request.onSent);
}

/** One answer on its way, and the timer that ends it. */
class Reading {
  readonly #options: StreamOptions;
  readonly #call: Exchange;
  readonly #stop = new AbortController();
  #silence = new AbortController();

  constructor(options: StreamOptions, call: Exchange) {
    this.#options = options;
    this.#call = call;
  }

  async open(onSent?: OnSent): Promise<HttpStream> {
    const call = this.#call;
    this.#wait(call.connectMs, "could not be connected to in time");
    try {
      const signal = AbortSignal.any([call.signal, this.#stop.signal]);
      const response = await send(this.#options.sockets, call, signal, () => {
        this.#waitOn();
        onSent?.();
      });
      this.#waitOn();
      return { ...headOf(response), body: this.#read(response) };
    } catch (error) {
      this.#silence.abort();
      throw explain(call, error, this.#stop.signal);
    }
  }

  async *#read(response: IncomingMessage): AsyncGenerator<Uint8Array, void> {
    let sizeBytes = 0;
    try {
      for await (const chunk of response as AsyncIterable<Uint8Array>) {
        this.#waitOn();
        sizeBytes += chunk.length;
        if (sizeBytes > this.#call.maxBytes) throw tooLong(this.#call);
        yield chunk;
      }
    } catch (error) {
      throw explain(this.#call, error, this.#stop.signal);
    } finally {
      this.#silence.abort();
      response.destroy();
    }
  }

  #waitOn(): void {
    this.#wait(this.#call.totalMs, "did not answer in time");
  }

  #wait(milliseconds: number, what: string): void {
    this.#silence.abort();
    this.#silence = new AbortController();
    this.#options.clock.sleep(milliseconds, this.#silence.signal).then(
      () => this.#stop.abort(late(this.#call, what)),
      () => undefined,
    );
  }
}
