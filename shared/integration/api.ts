import { createHash } from "node:crypto";
import { Fault } from "#shared/errors";
import type { Clock } from "#shared/function";
import type { HttpClient, HttpRequest } from "#shared/http";
import type * as z from "zod";
import { type Place, urlOf } from "./api/address.ts";
import { readBody, readJson, unexpected } from "./api/answer.ts";
import { encodeBody, encodeParameters } from "./api/body.ts";
import type { Api, ApiAnswer, ApiCall, ApiStreamCall, ApiTarget } from "./api/call.ts";
import { chunksOf } from "./api/chunks.ts";
import type { WriteIdempotency } from "./define-action.ts";

/** Where an action's requests go, and on whose behalf. */
export type ApiOptions = Place & {
  readonly client: HttpClient;
  readonly clock: Clock;
  /**
   * Adds to a request to a host that takes the connection's credentials what proves who sends it. After a 401 it is asked
   * once more, with `refused`: another proof than before is worth one repeat, `undefined` is none. `service` is the host's.
   */
  readonly authorize: (
    request: HttpRequest,
    refused: boolean,
    service?: string,
  ) => Promise<HttpRequest | undefined>;
  /** What else is sent, such as the trace; never a credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly effect: "read" | "write";
  readonly idempotency: WriteIdempotency | undefined;
  /** Unique to this call of the action, the same for every repeat of it. */
  readonly key: string;
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
};

/** The vendor for one call of an action, and what the call has done so far. */
export type OpenedApi = {
  readonly api: Api;
  /** A write that must not be repeated has succeeded: what fails after it leaves half of an effect. */
  hasWritten(): boolean;
};

/** Opens the vendor for one call of an action. */
export function openApi(options: ApiOptions): OpenedApi {
  const calls = new Calls(options);
  const { clock, signal } = options;
  return {
    api: {
      config: options.config,
      now: () => clock.now(),
      remainingMs: options.remainingMs,
      sleep: (milliseconds) => clock.sleep(milliseconds, signal),
      request: async (call) => (await calls.send(call)).body,
      send: (call) => calls.send(call),
      stream: (call) => calls.stream(call),
    },
    hasWritten: () => calls.hasWritten,
  };
}

class Calls {
  readonly #options: ApiOptions;
  #writes = 0;
  hasWritten = false;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  async send<O extends z.ZodType>(call: ApiCall<O>): Promise<ApiAnswer<z.output<O>>> {
    const request = this.#prepare(call);
    const response = await this.#proven(call, request, (proven) =>
      this.#options.client.request({
        ...proven,
        ...(call.accept === undefined ? {} : { accept: call.accept }),
        ...this.#limitsOf(call),
      }),
    );
    const once = !isRepeatable(request);
    const parsed = call.response.safeParse(readBody(response, call.read));
    if (!parsed.success) throw unexpected(new URL(request.url).host, parsed.error, once);
    if (once) this.hasWritten = true;
    return { status: response.status, headers: response.headers, body: parsed.data };
  }

  async *stream<C extends z.ZodType>(call: ApiStreamCall<C>): AsyncGenerator<z.output<C>, void> {
    const request = this.#prepare(call);
    const seconds = call.silenceSeconds ?? call.timeoutSeconds ?? this.#options.http.timeoutSeconds;
    const { body } = await this.#proven(call, request, (proven) =>
      this.#options.client.stream({ ...proven, silenceSeconds: seconds ?? 10 }),
    );
    if (!isRepeatable(request)) this.hasWritten = true;
    const host = new URL(request.url).host;
    for await (const chunk of chunksOf(body, call.format)) {
      const parsed = call.chunk.safeParse(chunk);
      if (!parsed.success) throw unexpected(host, parsed.error, !isRepeatable(request));
      yield parsed.data;
    }
  }

  /** The request as it is but for who asks. */
  #prepare(call: ApiTarget): HttpRequest {
    const { http, signal, remainingMs, idempotency } = this.#options;
    const { errorOf } = http;
    const write = isWrite(call) && this.#options.effect === "write" && call.safe !== true;
    const key = write ? vendorKey(this.#options, ++this.#writes) : undefined;
    const body = encodeBody(call, key?.kind === "field" ? key : undefined);
    const query = encodeParameters(call.query ?? {});
    const url = urlOf(this.#options, call);
    if (query !== "") url.search += (url.search === "" ? "?" : "&") + query;
    const own = call.host === undefined ? undefined : http.hosts?.[call.host]?.headers;
    return {
      method: call.method,
      url: url.href,
      headers: {
        accept: "application/json",
        "user-agent": "auterity",
        ...(own ?? http.headers),
        ...this.#options.headers,
        ...(body === undefined ? {} : { "content-type": body.type }),
        ...given(call.headers),
        ...(key?.kind === "header" ? { [key.header]: key.value } : {}),
      },
      body: body?.bytes,
      repeatable: !write || key !== undefined || idempotency?.kind === "natural",
      signal,
      remainingMs,
      ...(errorOf === undefined
        ? {}
        : { failureOf: (answer) => errorOf({ ...answer, body: readJson(answer.body) }) }),
    };
  }

  /** Sends a request with proof, and once more with a fresh one if the vendor does not take it: a 401 has no effect. */
  async #proven<T>(
    call: ApiTarget,
    request: HttpRequest,
    send: (proven: HttpRequest) => Promise<T>,
  ): Promise<T> {
    const { http, authorize } = this.#options;
    const host = call.host === undefined ? undefined : http.hosts?.[call.host];
    if (host?.auth === "none") return send(request);
    const proven = await authorize(request, false, host?.service);
    try {
      return await send(proven ?? request);
    } catch (error) {
      if (!Fault.is(error) || error.code !== "unauthenticated") throw error;
      const fresh = await authorize(request, true, host?.service);
      if (fresh === undefined) throw error;
      return send(fresh);
    }
  }

  #limitsOf({
    timeoutSeconds = this.#options.http.timeoutSeconds,
    maxBytes = this.#options.http.maxResponseBytes,
  }: ApiCall<z.ZodType>): Pick<HttpRequest, "timeoutSeconds" | "maxResponseBytes"> {
    return {
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...(maxBytes === undefined ? {} : { maxResponseBytes: maxBytes }),
    };
  }
}

function isWrite({ method }: ApiTarget): boolean {
  return method !== "GET" && method !== "HEAD";
}

function isRepeatable({ repeatable }: Pick<HttpRequest, "repeatable">): boolean {
  return repeatable === true;
}

type VendorKey =
  | { readonly kind: "header"; readonly header: string; readonly value: string }
  | { readonly kind: "field"; readonly field: string; readonly value: string };

/** The key a vendor sees: a digest, so that callers' keys stay theirs, and another one for each write of an action. */
function vendorKey({ idempotency, key }: ApiOptions, number: number): VendorKey | undefined {
  if (idempotency?.kind !== "header" && idempotency?.kind !== "field") return undefined;
  const value = createHash("sha256").update(`${key}\n${number}`).digest("hex").slice(0, 40);
  return { ...idempotency, value };
}

function given(headers: ApiTarget["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), value]],
    ),
  );
}
