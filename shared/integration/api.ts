import { createHash } from "node:crypto";
import type { ConfigValues } from "#shared/auth";
import { Fault } from "#shared/errors";
import type { HttpClient, HttpResponse } from "#shared/http";
import type * as z from "zod";
import type { WriteIdempotency } from "./define-action.ts";
import type { VendorHttp } from "./define-integration.ts";
import type { ApiPath } from "./path.ts";

type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** One request to the vendor. */
export type ApiCall<O extends z.ZodType> = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: ApiPath;
  /** `undefined` members are left out. */
  readonly query?: Parameters;
  readonly json?: Readonly<Record<string, unknown>>;
  readonly form?: Parameters;
  /** Only as wide as our use. A response without a body is `undefined`. */
  readonly response: O;
};

/** The vendor as an action sees it: authenticated, guarded, retried where that is safe. */
export type Api = {
  /** What the connection says beside its secrets: a project, a region. */
  readonly config: ConfigValues;
  /** Throws Faults from `upstream`. */
  request<O extends z.ZodType>(call: ApiCall<O>): Promise<z.output<O>>;
};

/** Where an action's requests go, and on whose behalf. */
export type ApiOptions = {
  readonly client: HttpClient;
  readonly http: VendorHttp;
  readonly baseUrl: string;
  /** The connection's settings. */
  readonly config?: ConfigValues;
  /** Trace: what this call adds to every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly idempotency: WriteIdempotency | undefined;
  /** Unique to this call of the action, the same for every repeat of it. */
  readonly key: string;
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
};

/** Opens the vendor for one call of an action. */
export function createApi(options: ApiOptions): Api {
  const { client, http } = options;
  const { errorOf } = http;
  let writes = 0;
  return {
    config: options.config ?? {},
    async request(call) {
      const write = call.method !== "GET";
      const key = write ? vendorKey(options, ++writes) : undefined;
      const body = encodeBody(call, key);
      const response = await client.request({
        method: call.method,
        url: urlOf(options.baseUrl, call),
        headers: {
          accept: "application/json",
          "user-agent": "auterity",
          ...http.headers,
          ...options.headers,
          ...body?.headers,
          ...(key?.kind === "header" ? { [key.header]: key.value } : {}),
        },
        body: body?.bytes,
        keyed: key !== undefined,
        signal: options.signal,
        remainingMs: options.remainingMs,
        ...(http.timeoutSeconds === undefined ? {} : { timeoutSeconds: http.timeoutSeconds }),
        ...(errorOf === undefined
          ? {}
          : { failureOf: (answer) => errorOf({ ...answer, body: readJson(answer) }) }),
      });
      const parsed = call.response.safeParse(readJson(response));
      if (parsed.success) return parsed.data;
      throw unexpected(options.baseUrl, parsed.error, write && key === undefined);
    },
  };
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

function urlOf(baseUrl: string, { path, query = {} }: ApiCall<z.ZodType>): string {
  const text = encodeParameters(query);
  return baseUrl.replace(/\/+$/, "") + path.encoded + (text === "" ? "" : `?${text}`);
}

type Body = { readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> };

function encodeBody(
  { json, form }: ApiCall<z.ZodType>,
  key: VendorKey | undefined,
): Body | undefined {
  const member = key?.kind === "field" ? { [key.field]: key.value } : {};
  if (form !== undefined) {
    return encoded(encodeParameters({ ...form, ...member }), "application/x-www-form-urlencoded");
  }
  if (json === undefined && key?.kind !== "field") return undefined;
  return encoded(JSON.stringify({ ...json, ...member }), "application/json; charset=utf-8");
}

function encoded(text: string, contentType: string): Body {
  const bytes = new TextEncoder().encode(text);
  return { bytes, headers: { "content-type": contentType } };
}

function encodeParameters(parameters: Parameters): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) given.append(name, String(value));
  }
  return given.toString();
}

/** The body as JSON; `undefined` where it is empty or something else, which no schema of ours accepts by accident. */
function readJson({ body }: HttpResponse): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function unexpected(baseUrl: string, error: z.ZodError, unknown: boolean): Fault {
  const [issue] = error.issues;
  const field = issue?.path.join(".") || "body";
  return new Fault(
    "internal",
    `integration.response: ${new URL(baseUrl).host}: ${field}: ${issue?.message ?? "does not fit"}; compare with the vendor's documentation`,
    { origin: "upstream", details: { field, ...(unknown ? { outcome: "unknown" } : {}) } },
  );
}
