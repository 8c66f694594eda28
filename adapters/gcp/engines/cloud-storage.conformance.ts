import { createHash, generateKeyPairSync } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { listen, type TestEngine } from "#shared/testing";
import { httpRange } from "../../../shared/blob/conformance/http-range.ts";
import type { CloudStorageOptions } from "../drivers/blob-cloud-storage.ts";
import { endOf, isSignedUrl } from "./goog4.conformance.ts";

/** A Cloud Storage in this process that speaks its JSON API, and its XML API for signed URLs, to the real client. */
export type CloudStorageFake = TestEngine & {
  readonly options: CloudStorageOptions;
  /** Signed URLs end by this clock. */
  setClock(clock: { now(): number }): void;
};

type Stored = {
  readonly body: Buffer;
  readonly generation: number;
  readonly contentType: string;
  readonly metadata: unknown;
};

type Call = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
};

type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
};

type Objects = Map<string, Stored>;

/** Fewer than the service's 1,000, so that who lists has to go on. */
const MOST_LISTED = 3;
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

/**
 * Starts the fake with these buckets. Generations count up from a time, as the service's do; signed URLs are verified
 * with the service account's public key, tokens are not asked for.
 * https://cloud.google.com/storage/docs/json_api/v1/objects
 */
export async function startCloudStorageFake(names: readonly string[]): Promise<CloudStorageFake> {
  const buckets = new Map(names.map((name) => [name, new Map<string, Stored>()]));
  let clock: { now(): number } = Date;
  const server = await listen((request, response) => {
    void buffer(request).then((body) => {
      const { method = "", headers } = request;
      const url = new URL(request.url ?? "/", `http://${headers.host ?? ""}`);
      const answer = answerTo({ method, url, headers, body }, buckets, clock.now());
      const length = String(Buffer.byteLength(answer.body ?? ""));
      response.writeHead(answer.status, { "content-length": length, ...answer.headers });
      response.end(answer.body);
    });
  });
  return {
    options: {
      client: {
        apiEndpoint: server.url,
        projectId: "auterity",
        credentials: {
          client_email: "fake@auterity.example",
          private_key: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        },
      },
    },
    setClock: (next) => void (clock = next),
    stop: () => server.close(),
  };
}

function answerTo(call: Call, buckets: ReadonlyMap<string, Objects>, nowMs: number): Answer {
  const { pathname } = call.url;
  const [, upload, bucket, key] =
    /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o\/?([^/]*)$/.exec(pathname) ?? [];
  if (bucket === undefined) return signed(call, buckets, nowMs);
  const objects = buckets.get(bucket);
  if (objects === undefined) return refusal(404, "The specified bucket does not exist.");
  if (upload !== undefined) return insert(objects, call);
  if (key === undefined || key === "") return list(objects, call.url.searchParams);
  const name = decodeURIComponent(key);
  return call.method === "DELETE"
    ? remove(objects, name, call)
    : read(objects.get(name), name, call);
}

/** https://cloud.google.com/storage/docs/request-preconditions */
function isUnmet(current: Stored | undefined, { url }: Call): boolean {
  const wanted = url.searchParams.get("ifGenerationMatch");
  return wanted !== null && Number(wanted) !== (current?.generation ?? 0);
}

/** https://cloud.google.com/storage/docs/uploading-objects-from-memory: metadata and media as multipart/related. */
function insert(objects: Objects, call: Call): Answer {
  const name = call.url.searchParams.get("name") ?? "";
  const [, boundary = ""] = /boundary="?([^";]+)/.exec(call.headers["content-type"] ?? "") ?? [];
  const [described, content] = partsOf(call.body, boundary);
  if (described === undefined || content === undefined) return refusal(400, "no multipart body");
  if (isUnmet(objects.get(name), call)) return refusal(412, "conditionNotMet");
  const resource: unknown = JSON.parse(described.body.toString());
  const contentType = String(Reflect.get(Object(resource), "contentType") ?? content.contentType);
  const own: unknown = Reflect.get(Object(resource), "metadata");
  return json(resourceOf(name, store(objects, name, content.body, contentType, own)));
}

let generations = 1_700_000_000_000_000;

function store(
  objects: Objects,
  name: string,
  body: Buffer,
  contentType: string,
  metadata: unknown,
): Stored {
  generations += 1;
  const stored = { body, generation: generations, contentType, metadata };
  objects.set(name, stored);
  return stored;
}

function partsOf(body: Buffer, boundary: string): { contentType: string; body: Buffer }[] {
  const parts: { contentType: string; body: Buffer }[] = [];
  const delimiter = `--${boundary}`;
  let start = body.indexOf(delimiter);
  for (;;) {
    const from = start + delimiter.length + 2;
    const end = body.indexOf(`\r\n${delimiter}`, from - 2);
    if (start === -1 || end === -1) return parts;
    const blank = body.indexOf("\r\n\r\n", from);
    const head = body.subarray(from, blank).toString();
    const [, contentType = ""] = /content-type: *([^\r\n]+)/i.exec(head) ?? [];
    parts.push({ contentType, body: body.subarray(Math.min(blank + 4, end), end) });
    start = end + 2;
  }
}

function read(found: Stored | undefined, name: string, { url, headers }: Call): Answer {
  const wanted = url.searchParams.get("generation");
  if (found === undefined || (wanted !== null && Number(wanted) !== found.generation)) {
    return refusal(404, `No such object: ${name}`);
  }
  return url.searchParams.get("alt") === "media"
    ? media(found, headers.range)
    : json(resourceOf(name, found));
}

function media({ body, contentType }: Stored, range: string | undefined): Answer {
  const headers = { "content-type": contentType };
  if (range === undefined) return { status: 200, headers, body };
  const part = httpRange(range, body.length);
  if (part === undefined) return refusal(416, "Request range not satisfiable");
  return {
    status: 206,
    headers: { ...headers, "content-range": part.contentRange },
    body: body.subarray(part.start, part.end),
  };
}

function remove(objects: Objects, name: string, call: Call): Answer {
  const current = objects.get(name);
  if (current === undefined) return refusal(404, `No such object: ${name}`);
  if (isUnmet(current, call)) return refusal(412, "conditionNotMet");
  objects.delete(name);
  return { status: 204 };
}

function list(objects: Objects, query: URLSearchParams): Answer {
  const prefix = query.get("prefix") ?? "";
  const from = query.get("pageToken") ?? query.get("startOffset") ?? "";
  const most = Math.min(MOST_LISTED, Number(query.get("maxResults") ?? MOST_LISTED));
  const found = [...objects]
    .filter(([name]) => name.startsWith(prefix) && Buffer.compare(bytes(name), bytes(from)) >= 0)
    .toSorted(([a], [b]) => Buffer.compare(bytes(a), bytes(b)));
  const items = found.slice(0, most).map(([name, stored]) => resourceOf(name, stored));
  const next = found[most]?.[0];
  return json(next === undefined ? { items } : { items, nextPageToken: next });
}

/** https://cloud.google.com/storage/docs/xml-api/overview */
function signed(call: Call, buckets: ReadonlyMap<string, Objects>, nowMs: number): Answer {
  const { method, url, headers, body } = call;
  const [, bucket = "", key = ""] = /^\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
  if (!isSignedUrl({ method, url }, keys.publicKey) || nowMs >= endOf(url)) {
    return { status: 403, body: "<Error><Code>SignatureDoesNotMatch</Code></Error>" };
  }
  const objects = buckets.get(bucket) ?? new Map<string, Stored>();
  const name = decodeURIComponent(key);
  if (method === "PUT") {
    const { "content-type": contentType = "application/octet-stream" } = headers;
    store(objects, name, body, contentType, undefined);
    return { status: 200 };
  }
  const found = objects.get(name);
  if (found === undefined) return { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" };
  return media(found, headers.range);
}

function resourceOf(name: string, { body, generation, contentType, metadata }: Stored): object {
  const md5Hash = createHash("md5").update(body).digest("base64");
  const size = String(body.length);
  const kind = "storage#object";
  return { kind, name, generation: String(generation), size, contentType, metadata, md5Hash };
}

function json(value: object, status = 200): Answer {
  const headers = { "content-type": "application/json; charset=UTF-8" };
  return { status, headers, body: JSON.stringify(value) };
}

function refusal(code: number, message: string): Answer {
  return json({ error: { code, message, errors: [{ message, domain: "global" }] } }, code);
}

function bytes(text: string): Buffer {
  return Buffer.from(text);
}
