import type { GivenResponse, SentRequest } from "./contract-check.ts";

type Text = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, string | readonly string[]>>;

/** A request as a fixture records it. */
export type RecordedRequest = {
  readonly method: string;
  readonly path: string;
  /** Another host than the integration's; the path is then whole. */
  readonly host?: string | undefined;
  readonly query?: Values | undefined;
  readonly headers?: Text | undefined;
  readonly json?: unknown;
  readonly form?: Values | undefined;
  readonly ndjson?: unknown;
  readonly multipart?: unknown;
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
  readonly type?: string | undefined;
};

/** Where an integration's requests go and what all of them carry. */
export type RequestBase = { readonly baseUrl: string; readonly headers?: Text };

/** A recorded request as it went out. */
export function sentRequest(base: RequestBase, recorded: RecordedRequest): SentRequest {
  const { method, path, host, query = {}, headers = {}, json, form } = recorded;
  const below = host === undefined ? basePath(base.baseUrl) : "";
  const contentType = otherType(recorded);
  return {
    method,
    path: below + path,
    query,
    headers: lowerCased({ ...base.headers, ...headers }),
    ...(json === undefined ? {} : { json }),
    ...(form === undefined ? {} : { form }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

/** A recorded response as it came in. */
export function givenResponse(recorded: {
  readonly status: number;
  readonly json?: unknown;
}): GivenResponse {
  const { status, json } = recorded;
  return json === undefined ? { status } : { status, json };
}

/** The path of a base URL, whose host may have places to fill in. */
function basePath(baseUrl: string): string {
  return /^https?:\/\/[^/]+(\/.*?)?\/*$/.exec(baseUrl)?.[1] ?? "";
}

function otherType({ type, ndjson, multipart, text, base64 }: RecordedRequest): string | undefined {
  if (multipart !== undefined) return "multipart/form-data";
  if (ndjson !== undefined) return type ?? "application/x-ndjson";
  if (text === undefined && base64 === undefined) return undefined;
  return type ?? "application/octet-stream";
}

function lowerCased(headers: Text): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
