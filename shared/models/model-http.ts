import { type Code, Fault } from "#shared/errors";
import type { Clock } from "#shared/function";
import {
  classifyStatus,
  type HttpStream,
  openHttpStream,
  openSockets,
  retryAfterMs,
  type Sockets,
  sseData,
} from "#shared/http";
import * as z from "zod";

/** How a vendor is reached over HTTP. */
export type ModelHttpOptions = {
  readonly clock: Clock;
  /** Headers that prove who asks, made anew for each request. */
  readonly authorize: (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>;
  /** Exact origins that may be plain http or internal: an operator's own endpoint. */
  readonly allowedOrigins?: readonly string[];
};

/** A vendor's refusal: its status and its own names for it, nothing that quotes a request. */
export class ModelHttpError extends Error {
  readonly status: number;
  readonly reasons: readonly string[];
  readonly retryAfter: string | undefined;

  constructor(status: number, reasons: readonly string[], retryAfter: string | undefined) {
    super(`the vendor answered ${status}`);
    this.name = reasons.at(-1) ?? `status-${status}`;
    this.status = status;
    this.reasons = reasons;
    this.retryAfter = retryAfter;
  }
}

/** An answer that is none: no JSON, or not of the vendor's own form. */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

/** One attempt each, at one vendor. */
export type ModelHttp = {
  /** Posts JSON and reads JSON of a schema. Throws {@link ModelHttpError} and {@link MalformedAnswer}. */
  post<T>(url: string, body: unknown, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** Posts JSON and reads server-sent events of a schema, as they come; `[DONE]` ends them. */
  events<T>(
    url: string,
    body: unknown,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): AsyncGenerator<T, void>;
  close(): Promise<void>;
};

/** A model that thinks is silent for long; its own stream, once it speaks, is not. */
const SILENCE_SECONDS = 60;
const MAX_ERROR_BYTES = 64 * 1024;

/** Opens no connection before the first request. */
export function modelHttp(options: ModelHttpOptions): ModelHttp {
  const sockets: Sockets = openSockets();
  const send = async (url: string, body: unknown, signal: AbortSignal): Promise<HttpStream> => {
    const headers = { ...(await options.authorize(signal)), "content-type": "application/json" };
    const stream = await openHttpStream(
      { ...options, sockets },
      {
        method: "POST",
        url,
        headers,
        body: Buffer.from(JSON.stringify(body)),
        signal,
        silenceSeconds: SILENCE_SECONDS,
      },
    );
    if (classifyStatus(stream.status) === undefined) return stream;
    const text = await textOf(stream, MAX_ERROR_BYTES);
    const retryAfter = stream.headers["retry-after"];
    throw new ModelHttpError(stream.status, reasonsOf(text), retryAfter);
  };
  return {
    async post(url, body, schema, signal) {
      return parse(await textOf(await send(url, body, signal)), schema);
    },
    async *events(url, body, schema, signal) {
      const { body: chunks } = await send(url, body, signal);
      for await (const data of sseData(chunks)) {
        if (data === "[DONE]") return;
        yield parse(data, schema);
      }
    },
    async close() {
      sockets.close();
    },
  };
}

/** Where vendors say what is wrong: OpenAI's and Azure's codes, Google's status, and a reason within. */
const VendorError = z.object({
  error: z.object({
    status: z.union([z.string(), z.number()]).nullish(),
    type: z.string().nullish(),
    code: z.union([z.string(), z.number()]).nullish(),
    innererror: z.object({ code: z.string().nullish() }).nullish(),
    message: z.string().optional(),
  }),
});

/** What some vendors say only in a sentence; the sentence itself is dropped, because it may quote what was sent. */
const CONTEXT =
  /(?:maximum|exceeds?|too long).*(?:context|tokens?)|(?:context|tokens?).*(?:exceed|maximum|too long)/is;

function reasonsOf(text: string): string[] {
  const [answer] = [readJson(text)].flat();
  const { error } = VendorError.safeParse(answer).data ?? {};
  if (error === undefined) return [];
  const names = [error.type, error.innererror?.code, error.status, error.code];
  const isContext = CONTEXT.test(error.message ?? "");
  return [
    ...(isContext ? [CONTEXT_REASON] : []),
    ...names.flatMap((name) => (typeof name === "string" && name !== "" ? [name] : [])),
  ];
}

const CONTEXT_REASON = "context_length_exceeded";

const byReason: Readonly<Record<string, Code>> = {
  [CONTEXT_REASON]: "too_large",
  string_above_max_length: "too_large",
  content_filter: "failed_precondition",
  ResponsibleAIPolicyViolation: "failed_precondition",
  invalid_api_key: "unauthenticated",
  API_KEY_INVALID: "unauthenticated",
};

/** The category of an error of {@link modelHttp}. */
export function codeOfModelHttp(error: unknown): Code | undefined {
  if (Fault.is(error)) return error.code;
  if (error instanceof MalformedAnswer) return "unavailable";
  if (!(error instanceof ModelHttpError)) return undefined;
  // A vendor that is busy may say so with any reason; only a refused request is told apart by it.
  const named = error.status === 400 || error.status === 401 ? error.reasons : [];
  const known = named.flatMap((reason) => byReason[reason] ?? []);
  return known[0] ?? classifyStatus(error.status);
}

/** How long the vendor asked to wait: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function retryAfterMsOfHttp(error: unknown, nowMs: number): number | undefined {
  return error instanceof ModelHttpError ? retryAfterMs(error.retryAfter, nowMs) : undefined;
}

async function textOf({ body }: HttpStream, maxBytes = Number.POSITIVE_INFINITY): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) break;
  }
  return Buffer.concat(chunks).toString();
}

function parse<T>(text: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  const reasons = reasonsOf(text);
  // In the course of a stream the status was sent long before the failure.
  if (reasons.length > 0) throw new ModelHttpError(500, reasons, undefined);
  throw new MalformedAnswer("the vendor's answer is not of its own form");
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
