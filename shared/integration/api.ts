import { createHash } from "node:crypto";
import type { BasicFields, OwnToken } from "#shared/auth";
import { Fault } from "#shared/errors";
import type { Clock, Random } from "#shared/function";
import type { HttpClient, HttpRequest, HttpResponse } from "#shared/http";
import type * as z from "zod";
import { type Place, urlOf } from "./api/address.ts";
import { readBody, readJson, unexpected } from "./api/answer.ts";
import { encodeBody, encodeParameters } from "./api/body.ts";
import type {
  Api,
  ApiAnswer,
  ApiCall,
  ApiStreamCall,
  ApiTarget,
  ReceivedEvents,
} from "./api/call.ts";
import { chunksOf } from "./api/chunks.ts";
import type { KeptAnswers } from "./api/kept-answers.ts";
import type { WriteIdempotency } from "./define-action.ts";

/** What a host wants to see instead of what the connection's method gives: other fields, or AWS's name of the service. */
export type HostProof = {
  readonly basic?: BasicFields | undefined;
  readonly service?: string | undefined;
};

/** Where an action's requests go, and on whose behalf. */
export type ApiOptions = Place & {
  readonly client: HttpClient;
  readonly clock: Clock;
  readonly random: Pick<Random, "bytes">;
  /**
   * Adds to a request to a host that takes the connection's credentials what proves who sends it. After a 401 it is asked
   * once more, with `refused`: another proof than before is worth one repeat, `undefined` is none. `proof` is the host's.
   */
  readonly authorize: (
    request: HttpRequest,
    refused: boolean,
    proof?: HostProof,
  ) => Promise<HttpRequest | undefined>;
  /** What else is sent, such as the trace; never a credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly effect: "read" | "write";
  readonly idempotency: WriteIdempotency | undefined;
  /** Unique to this call of the action, the same for every repeat of it. */
  readonly key: string;
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
  /** Where the connection has a key of its own. */
  readonly ownToken?: OwnToken | undefined;
  /** Where the integration has webhooks. */
  readonly received?: ReceivedEvents | undefined;
  /** Where answers may be kept for other invocations. */
  readonly kept?: KeptAnswers;
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
  const { clock, random, signal } = options;
  return {
    api: {
      config: options.config,
      ownToken: options.ownToken,
      received: options.received,
      now: () => clock.now(),
      randomBytes: (length) => random.bytes(length),
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
    const response = this.#keptFor(call, request) ?? (await this.#ask(call, request));
    const once = !isRepeatable(request);
    const parsed = call.response.safeParse(readBody(response, call.read));
    if (!parsed.success) throw unexpected(new URL(request.url).host, parsed.error, once);
    if (once) this.hasWritten = true;
    return { status: response.status, headers: response.headers, body: parsed.data };
  }

  async #ask(call: ApiCall<z.ZodType>, request: HttpRequest): Promise<HttpResponse> {
    const response = await this.#proven(call, request, (proven) =>
      this.#options.client.request({
        ...proven,
        ...(call.accept === undefined ? {} : { accept: call.accept }),
        ...this.#limitsOf(call),
      }),
    );
    const { kept, clock } = this.#options;
    if (this.#mayKeep(call)) kept?.keep(request.url, response, clock.now());
    return response;
  }

  #keptFor(call: ApiCall<z.ZodType>, { url }: HttpRequest): HttpResponse | undefined {
    const { kept, clock } = this.#options;
    if (!this.#mayKeep(call)) return undefined;
    return kept?.find(url, (call.keptSeconds ?? 0) * 1_000, clock.now());
  }

  #mayKeep({ method, host, keptSeconds }: ApiCall<z.ZodType>): boolean {
    const open = host !== undefined && this.#options.http.hosts?.[host]?.auth === "none";
    return open && method === "GET" && keptSeconds !== undefined;
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
    // A plus is a blank in forms only; there are vendors that take it for itself in a query.
    const query = encodeParameters(call.query ?? {}).replaceAll("+", "%20");
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
    const proof: HostProof = {
      basic: typeof host?.auth === "object" ? host.auth.basic : undefined,
      service: host?.service,
    };
    const proven = await authorize(request, false, proof);
    try {
      return await send(proven ?? request);
    } catch (error) {
      if (!Fault.is(error) || error.code !== "unauthenticated") throw error;
      const fresh = await authorize(request, true, proof);
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
