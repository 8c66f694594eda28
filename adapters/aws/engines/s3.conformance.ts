import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { listen, type TestEngine } from "#shared/testing";
import { httpRange } from "../../../shared/blob/conformance/http-range.ts";
import type { S3Options } from "../drivers/blob-s3.ts";
import { endOf, isSignedUrl } from "./sigv4.conformance.ts";

/** An S3 in this process that speaks its REST protocol to the real client. */
export type S3Fake = TestEngine & {
  readonly options: S3Options;
  /** Signed URLs end by this clock. */
  setClock(clock: { now(): number }): void;
};

type Stored = {
  readonly body: Buffer;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
};

type Call = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
};

/** Fewer than the service's 1,000, so that who lists has to go on. */
const MOST_LISTED = 3;
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local-secret" };

/**
 * Starts the fake with these buckets, which hold objects in byte order of their keys and check conditions of writes and
 * deletions (fauxqs 2.4.1 does neither). Signatures of URLs are verified, those of headers are not.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export async function startS3Fake(names: readonly string[]): Promise<S3Fake> {
  const buckets = new Map(names.map((name) => [name, new Map<string, Stored>()]));
  let clock: { now(): number } = Date;
  const server = await listen((request, response) => {
    void callOf(request).then((call) => {
      const {
        status,
        headers = {},
        body = "",
      } = notAllowed(call, clock.now()) ?? answerTo(call, buckets);
      const length = { "content-length": String(Buffer.byteLength(body)) };
      response.writeHead(status, { ...length, ...headers });
      response.end(call.method === "HEAD" ? undefined : body);
    });
  });
  return {
    options: {
      region: "eu-central-1",
      endpoint: server.url,
      credentials: CREDENTIALS,
      forcePathStyle: true,
    },
    setClock: (next) => void (clock = next),
    stop: () => server.close(),
  };
}

async function callOf(request: IncomingMessage): Promise<Call> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const url = new URL(request.url ?? "/", `http://${headers["host"] ?? ""}`);
  return { method: request.method ?? "", url, headers, body: await buffer(request) };
}

function notAllowed({ method, url, headers }: Call, nowMs: number): Answer | undefined {
  const { authorization = "", host = "" } = headers;
  if (url.searchParams.has("X-Amz-Signature")) {
    if (!isSignedUrl({ method, url, host }, CREDENTIALS.secretAccessKey)) {
      return refusal(403, "SignatureDoesNotMatch");
    }
    return nowMs < endOf(url) ? undefined : refusal(403, "AccessDenied");
  }
  if (authorization.includes(`Credential=${CREDENTIALS.accessKeyId}/`)) return undefined;
  const isKnown = authorization.includes("Credential=readonly/");
  return refusal(403, isKnown ? "AccessDenied" : "InvalidAccessKeyId");
}

function answerTo(call: Call, buckets: ReadonlyMap<string, Map<string, Stored>>): Answer {
  const [, name = "", key = ""] = /^\/([^/]+)\/?(.*)$/.exec(call.url.pathname) ?? [];
  const objects = buckets.get(name);
  if (objects === undefined) return refusal(404, "NoSuchBucket");
  if (key === "") return list(objects, call.url.searchParams);
  const at = decodeURIComponent(key);
  const current = objects.get(at);
  if (call.method === "GET" || call.method === "HEAD") return read(current, call.headers["range"]);
  const unmet = unmetCondition(current, call.headers);
  if (unmet !== undefined) return unmet;
  if (call.method === "DELETE") {
    objects.delete(at);
    return { status: 204 };
  }
  return call.method === "PUT" ? write(objects, at, call) : refusal(405, "MethodNotAllowed");
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function unmetCondition(
  current: Stored | undefined,
  { "if-match": wanted, "if-none-match": unwanted }: Call["headers"],
): Answer | undefined {
  if (unwanted === "*" && current !== undefined) return refusal(412, "PreconditionFailed");
  if (wanted === undefined) return undefined;
  if (current === undefined) return refusal(404, "NoSuchKey");
  return current.etag === wanted ? undefined : refusal(412, "PreconditionFailed");
}

function write(objects: Map<string, Stored>, key: string, { headers, body }: Call): Answer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  const { "x-amz-checksum-crc32": expected = checksum.toString("base64") } = headers;
  if (expected !== checksum.toString("base64")) return refusal(400, "BadDigest");
  const etag = `"${createHash("md5").update(body).digest("hex")}"`;
  const kept = Object.entries(headers).filter(
    ([name]) => name === "content-type" || name.startsWith("x-amz-meta-"),
  );
  objects.set(key, { body, etag, headers: Object.fromEntries(kept) });
  return { status: 200, headers: { etag } };
}

function read(found: Stored | undefined, range: string | undefined): Answer {
  if (found === undefined) return refusal(404, "NoSuchKey");
  const { body, etag } = found;
  const headers = { "content-type": "binary/octet-stream", ...found.headers, etag };
  if (range === undefined) return { status: 200, headers, body };
  const part = httpRange(range, body.length);
  if (part === undefined) return refusal(416, "InvalidRange");
  return {
    status: 206,
    headers: { ...headers, "content-range": part.contentRange },
    body: body.subarray(part.start, part.end),
  };
}

function list(objects: ReadonlyMap<string, Stored>, query: URLSearchParams): Answer {
  const prefix = query.get("prefix") ?? "";
  const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
  const most = Math.min(MOST_LISTED, Number(query.get("max-keys") ?? MOST_LISTED));
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(prefix) && Buffer.from(key).compare(Buffer.from(after)) > 0)
    .toSorted((a, b) => Buffer.from(a).compare(Buffer.from(b)));
  const page = keys.slice(0, most);
  const contents = page.map((key) => {
    const { etag = "", body = "" } = objects.get(key) ?? {};
    const quoted = etag.replaceAll('"', "&quot;");
    return `<Contents><Key>${key}</Key><ETag>${quoted}</ETag><Size>${body.length}</Size></Contents>`;
  });
  const isTruncated = keys.length > most;
  const next = `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>`;
  const rest = `<IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? next : ""}`;
  const result = `<ListBucketResult>${contents.join("")}${rest}</ListBucketResult>`;
  return { status: 200, headers: XML, body: result };
}

const XML = { "content-type": "application/xml" };

function refusal(status: number, code: string): Answer {
  return { status, headers: XML, body: `<Error><Code>${code}</Code></Error>` };
}
