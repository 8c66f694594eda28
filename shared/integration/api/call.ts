import type { ConfigValues, OwnToken } from "#shared/auth";
import type * as z from "zod";
import type { ApiPath } from "../path.ts";
import type { IssuedUrl } from "./address.ts";

export type Scalar = string | number | boolean;

/** `undefined` members are left out, a list repeats its name. */
export type Parameters = Readonly<Record<string, Scalar | readonly Scalar[] | undefined>>;

/** A part of multipart/form-data (https://www.rfc-editor.org/rfc/rfc7578). */
export type Part = {
  readonly name: string;
  readonly value: string | Uint8Array;
  /** Makes the part a file. */
  readonly filename?: string;
  readonly type?: string;
};

/** A body that is neither JSON nor a form. */
export type ApiBody =
  | { readonly kind: "text"; readonly text: string; readonly type: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly type: string }
  | { readonly kind: "ndjson"; readonly rows: readonly unknown[] }
  | { readonly kind: "multipart"; readonly parts: readonly Part[] };

/** What every request to the vendor says. */
export type ApiTarget = {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** One of `http.hosts`; `http.baseUrl` when left out. */
  readonly host?: string;
  /** Values for the `{names}` in the host's URL, each a DNS label; the connection's own settings otherwise. */
  readonly at?: Readonly<Record<string, string>>;
  readonly path: ApiPath | IssuedUrl;
  readonly query?: Parameters;
  /** Beside those of the integration and the credentials, such as `if-match`. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** At most one of `json`, `form` and `body`. A key of the action goes into a JSON object or a form. */
  readonly json?: unknown;
  readonly form?: Parameters;
  readonly body?: ApiBody;
  /** Of a write: this request only reads, such as a search by POST, and may be repeated. Reads need not say so. */
  readonly safe?: true;
  /** For one attempt; the integration's when left out. */
  readonly timeoutSeconds?: number;
};

/** One request to the vendor, answered as a whole. */
export type ApiCall<O extends z.ZodType> = ApiTarget & {
  /** What the schema is given: parsed JSON when left out. */
  readonly read?: "json" | "text" | "bytes";
  /** Only as wide as our use. A JSON answer without a body is `undefined`. */
  readonly response: O;
  /** Statuses that are an answer although they are no success: 304, 404 of a check, 302 of a download. */
  readonly accept?: readonly number[];
  /**
   * The answer may be one of before: for as long as its `Cache-Control` says, and no longer than this. Only where no
   * credentials are sent, so that what one connection hears may be told to another.
   */
  readonly keptSeconds?: number;
  /** The longest answer; the integration's when left out. */
  readonly maxBytes?: number;
};

/** An answer with what stands around its body. */
export type ApiAnswer<T> = {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
};

/** One request whose answer is read in parts as they come. Never repeated. */
export type ApiStreamCall<C extends z.ZodType> = ApiTarget & {
  /**
   * `sse`: chunks are `{ event, data, id }` with parsed JSON or text as data, and `[DONE]` ends them; `ndjson`: one JSON value
   * per line; `aws-events`: `{ event, headers, payload }` with bytes as payload, event or exception; `bytes`: as they come.
   */
  readonly format: "sse" | "ndjson" | "aws-events" | "bytes";
  /** The shape of one chunk. */
  readonly chunk: C;
  /** How long the vendor may be silent; the integration's timeout when left out. */
  readonly silenceSeconds?: number;
};

/** An event that came, as it is kept. */
export type Received = {
  /** The vendor's delivery id. */
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  readonly receivedAtMs: number;
  readonly decision: Readonly<Record<string, unknown>> | undefined;
};

/** A page of the events that a connection received and still keeps, in the order of their ids, which tells no time. */
export type ReceivedEvents = (options: {
  readonly from?: string | undefined;
  /** At most 1,000. */
  readonly limit: number;
}) => Promise<{ readonly items: readonly Received[]; readonly next: string | null }>;

/** The vendor as an action sees it: authenticated, guarded, paced, and retried where that is safe. */
export type Api = {
  /** The body of the answer. Throws Faults from `upstream`. */
  request<O extends z.ZodType>(call: ApiCall<O>): Promise<z.output<O>>;
  /** The answer with its status and headers. */
  send<O extends z.ZodType>(call: ApiCall<O>): Promise<ApiAnswer<z.output<O>>>;
  /** Parts of an answer, as they come. Who stops early must end the iteration. */
  stream<C extends z.ZodType>(call: ApiStreamCall<C>): AsyncGenerator<z.output<C>, void>;
  /** What the connection says beside its secrets: a project, a region. */
  readonly config: ConfigValues;
  /** `undefined` where the integration keeps no log of its webhooks, or the caller may not read it. */
  readonly received: ReceivedEvents | undefined;
  /** `undefined` where the connection has no key of its own, or somebody else answers for the vendor. */
  readonly ownToken: OwnToken | undefined;
  now(): number;
  /** Unpredictable bytes, for a key or a nonce that an action needs. */
  randomBytes(length: number): Uint8Array;
  /** Time left for all of the action. */
  remainingMs(): number;
  /** Rejects when the invocation ends. */
  sleep(milliseconds: number): Promise<void>;
};
