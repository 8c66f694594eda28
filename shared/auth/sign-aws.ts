import { createHash, createHmac } from "node:crypto";

/** Long-lived or temporary keys; temporary ones come with a session token. */
export type AwsKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

/** What a signature is good for, and when it was made. */
export type AwsScope = {
  readonly region: string;
  readonly service: string;
  readonly nowMs: number;
  /** S3 signs without the body and encodes paths once; all others do neither. */
  readonly unsignedPayload?: boolean;
};

export type AwsRequest = {
  readonly method: string;
  /** Encoded, as it will be sent. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
};

const ALGORITHM = "AWS4-HMAC-SHA256";
const UNSIGNED = "UNSIGNED-PAYLOAD";

/**
 * The headers that sign a request with AWS Signature Version 4: time, digest of the body, session token and
 * authorization. Of the request's own headers `content-type` and all `x-amz-*` are signed; the signature holds for five
 * minutes (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
export function signAws(
  request: AwsRequest,
  keys: AwsKeys,
  scope: AwsScope,
): Readonly<Record<string, string>> {
  const payload = scope.unsignedPayload === true ? UNSIGNED : sha256(request.body ?? "");
  const added = {
    "x-amz-date": timestamp(scope.nowMs),
    "x-amz-content-sha256": payload,
    ...(keys.sessionToken === undefined ? {} : { "x-amz-security-token": keys.sessionToken }),
  };
  const headers = { ...signable(request.headers ?? {}), ...added };
  return {
    ...added,
    authorization: awsAuthorization({ ...request, headers }, payload, keys, scope),
  };
}

/** The `authorization` header over exactly these headers and the host. */
export function awsAuthorization(
  request: AwsRequest,
  payload: string,
  keys: AwsKeys,
  { region, service, nowMs, unsignedPayload = false }: AwsScope,
): string {
  const url = new URL(request.url);
  const headers = canonicalHeaders({ ...request.headers, host: url.host });
  const names = headers.map(([name]) => name).join(";");
  const canonical = [
    request.method,
    canonicalPath(url.pathname, unsignedPayload),
    canonicalQuery(url.search.slice(1)),
    ...headers.map(([name, value]) => `${name}:${value}`),
    "",
    names,
    payload,
  ].join("\n");
  const date = timestamp(nowMs).slice(0, 8);
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = [ALGORITHM, timestamp(nowMs), scope, sha256(canonical)].join("\n");
  const dated = hmac(`AWS4${keys.secretAccessKey}`, date);
  const key = hmac(hmac(hmac(dated, region), service), "aws4_request");
  const signature = hmac(key, text).toString("hex");
  return `${ALGORITHM} Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

function signable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const signed = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name === "content-type" || name.startsWith("x-amz-"));
  return Object.fromEntries(signed);
}

function canonicalHeaders(
  headers: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().replaceAll(/ +/g, " ")] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Segments as they are sent, once more encoded: all services but S3 want it so. */
function canonicalPath(pathname: string, once: boolean): string {
  return pathname
    .split("/")
    .map((segment) => encodeStrictly(once ? decodeURIComponent(segment) : segment))
    .join("/");
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  return query
    .split("&")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decoded(name), decoded(value.join("="))].map(encodeStrictly);
    })
    .toSorted(([a = "", c = ""], [b = "", d = ""]) => (a === b ? order(c, d) : order(a, b)))
    .map((pair) => pair.join("="))
    .join("&");
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

/** All but letters, digits, `-`, `.`, `_` and `~`: https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `20150830T123600Z` */
function timestamp(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
