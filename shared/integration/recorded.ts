import * as z from "zod";
import type { RecordedRequest, RecordedResponse } from "./fixture.ts";

/** A request as a server gets it. */
export type RequestOnWire = {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
};

/** An answer as a server sends it. */
export type ResponseOnWire = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** Headers that every request has, or that stand for something else which is recorded. */
const UNRECORDED =
  /^(?:accept-encoding|authorization|connection|content-(?:length|type)|host|traceparent|transfer-encoding|user-agent)$/;

/** What a fixture would record of a request, whatever the method. `isOwn` tells the headers that an action gave itself. */
export type Recorded = Omit<RecordedRequest, "method"> & { readonly method: string };

/** Reads a request in the form of a fixture: a body by its type, a host that is stood in for from `/~<host>/`. */
export function recordRequest(
  { method, url, headers, body }: RequestOnWire,
  isOwn: (name: string, value: string) => boolean = () => false,
): Recorded {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const [, host, rest] = /^\/~([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  const own = Object.entries(headers).flatMap(([name, value = ""]) => {
    const text = [value].flat().join(", ");
    const usual = UNRECORDED.test(name) || (name === "accept" && text === "application/json");
    return usual || !isOwn(name, text) ? [] : [[name, text] as const];
  });
  return {
    method,
    ...(host === undefined ? {} : { host }),
    path: host === undefined ? pathname : (rest ?? "/"),
    ...(searchParams.size === 0 ? {} : { query: valuesOf(searchParams) }),
    ...(own.length === 0 ? {} : { headers: Object.fromEntries(own) }),
    ...recordBody(Buffer.from(body), [headers["content-type"] ?? ""].flat().join()),
  };
}

const Json = z.json();

type RecordedBody = Pick<
  RecordedRequest,
  "json" | "form" | "text" | "base64" | "ndjson" | "multipart" | "type"
>;

function recordBody(body: Buffer, type: string): RecordedBody {
  const [essence = ""] = type.split(";");
  if (body.length === 0) return {};
  if (essence === "application/x-www-form-urlencoded") {
    return { form: valuesOf(new URLSearchParams(body.toString())) };
  }
  if (essence === "multipart/form-data") return { multipart: readParts(body, type) };
  if (essence === "application/x-ndjson") {
    const rows = body.toString().trimEnd().split("\n");
    return { ndjson: rows.map((row) => Json.parse(JSON.parse(row))) };
  }
  const json = essence === "" || essence.split("/")[1]?.includes("json") === true;
  const named = essence === "" || essence === "application/json" ? {} : { type };
  if (json && isJson(body)) {
    return { json: Json.parse(JSON.parse(body.toString())), ...named };
  }
  return { ...textOrBase64(body), ...named };
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}

function textOrBase64(body: Buffer): { text: string } | { base64: string } {
  const text = body.toString();
  return Buffer.from(text).equals(body) && !text.includes("\0")
    ? { text }
    : { base64: body.toString("base64") };
}

function valuesOf(parameters: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const all = parameters.getAll(name);
      return [name, all.length === 1 ? (all[0] ?? "") : all];
    }),
  );
}

function readParts(body: Buffer, type: string): NonNullable<RecordedRequest["multipart"]> {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1] ?? "";
  // Every byte is one character here, so that a part can be cut out and is still what it was.
  const parts = `\r\n${body.toString("latin1")}`.split(`\r\n--${boundary}`).slice(1, -1);
  return parts.map(readPart);
}

function readPart(part: string): NonNullable<RecordedRequest["multipart"]>[number] {
  const end = part.indexOf("\r\n\r\n");
  const head = Buffer.from(part.slice(0, end), "latin1").toString();
  const filename = /; filename="([^"]*)"/.exec(head)?.[1];
  const type = /\r\ncontent-type: (.*)/i.exec(head)?.[1];
  return {
    name: / name="([^"]*)"/.exec(head)?.[1] ?? "",
    ...(filename === undefined ? {} : { filename }),
    ...(type === undefined ? {} : { type }),
    ...textOrBase64(Buffer.from(part.slice(end + 4), "latin1")),
  };
}

/** As a fixture records it; `json` may be anything that JSON can say. */
export type Playable = Partial<Omit<RecordedResponse, "json">> & { readonly json?: unknown };

/** A recorded answer as it goes over the wire, with the type of its body unless it names another. */
export function playResponse(response: Playable): ResponseOnWire {
  const { type, body } = bodyOf(response);
  return {
    status: response.status ?? 200,
    headers: { ...(type === undefined ? {} : { "content-type": type }), ...response.headers },
    body: Buffer.from(body),
  };
}

function bodyOf({ json, text, base64, events, ndjson }: Playable): {
  readonly type?: string;
  readonly body: string | Buffer;
} {
  if (json !== undefined) return { type: "application/json", body: JSON.stringify(json) };
  if (text !== undefined) return { type: "text/plain; charset=utf-8", body: text };
  if (base64 !== undefined) {
    return { type: "application/octet-stream", body: Buffer.from(base64, "base64") };
  }
  if (ndjson !== undefined) {
    const rows = ndjson.map((row) => `${JSON.stringify(row)}\n`);
    return { type: "application/x-ndjson", body: rows.join("") };
  }
  if (events === undefined) return { body: "" };
  const lines = events.map(({ event, id, data }) => {
    const content = typeof data === "string" ? data : JSON.stringify(data);
    const named =
      (event === undefined ? "" : `event: ${event}\n`) + (id === undefined ? "" : `id: ${id}\n`);
    return `${named}data: ${content.replaceAll("\n", "\ndata: ")}\n\n`;
  });
  return { type: "text/event-stream", body: lines.join("") };
}
