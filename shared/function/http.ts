/**
 * A request as every cloud can give it, from the rawest source each has. Plain data: the platform's own
 * `Request` objects cost more than everything else on this path.
 */
export type HttpInput = {
  readonly method: string;
  /** Percent-encoded as it came, without query. */
  readonly path: string;
  /** Without the question mark, as it came; empty when there is none. */
  readonly query: string;
  /** Lower-case names; repeated ones joined by ", ". Cookies are in `cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text when the platform delivered text, bytes otherwise. Never parsed, never inflated. */
  readonly body: string | Uint8Array;
  /** From the provider's own hop only. */
  readonly clientIp: string | undefined;
};

/** An answer as every cloud can send it. */
export type HttpOutput = {
  readonly status: number;
  /** Lower-case names; `set-cookie` is not among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** One entry per Set-Cookie line. */
  readonly cookies: readonly string[];
  readonly body: string | Uint8Array;
};

const encoder = new TextEncoder();
// A byte order mark is data to a signature, so it must survive decoding.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The body's bytes: what a signature is computed over. */
export function bodyBytes(message: { readonly body: string | Uint8Array }): Uint8Array {
  return typeof message.body === "string" ? encoder.encode(message.body) : message.body;
}

/** The body as text, read as UTF-8. */
export function bodyText(message: { readonly body: string | Uint8Array }): string {
  return typeof message.body === "string" ? message.body : decoder.decode(message.body);
}
