import { createHash } from "node:crypto";
import { Fault } from "#shared/errors";
import type { ApiBody, ApiTarget, Parameters, Part } from "./call.ts";

/** A body as it goes over the wire. */
export type EncodedBody = { readonly bytes: Uint8Array; readonly type: string };

/** A member that a request's JSON object or form gets, such as an idempotency key. */
export type Member = { readonly field: string; readonly value: string };

const lineEnd = Uint8Array.of(0x0d, 0x0a);

/** The longest body that is sent; what comes through a cloud's gateway is far smaller. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Encodes what a call says, with `member` in it. Throws `invalid_argument` or `too_large` for what cannot be sent. */
export function encodeBody(call: ApiTarget, member: Member | undefined): EncodedBody | undefined {
  const body = encode(call, member === undefined ? {} : { [member.field]: member.value });
  if (body === undefined || body.bytes.length <= MAX_BYTES) return body;
  throw new Fault("too_large", `integration.body: more than ${MAX_BYTES} bytes; send less`, {
    origin: "caller",
  });
}

function encode(
  { json, form, body }: ApiTarget,
  member: Record<string, string>,
): EncodedBody | undefined {
  if (body !== undefined) return encodeOther(body);
  if (form !== undefined) {
    return text(encodeParameters({ ...form, ...member }), "application/x-www-form-urlencoded");
  }
  const keyed = Object.keys(member).length > 0;
  if (json === undefined && !keyed) return undefined;
  return text(
    JSON.stringify(keyed ? withMember(json ?? {}, member) : json),
    "application/json; charset=utf-8",
  );
}

function withMember(json: unknown, member: Record<string, string>): unknown {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) {
    return { ...json, ...member };
  }
  throw new Fault("internal", "integration.body: no key fits in a list; use a key in a header");
}

function encodeOther(body: ApiBody): EncodedBody {
  switch (body.kind) {
    case "text":
      return text(body.text, body.type);
    case "bytes":
      return { bytes: body.bytes, type: body.type };
    case "ndjson":
      return text(
        body.rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
        "application/x-ndjson",
      );
    case "multipart":
      return multipart(body.parts);
  }
}

function text(content: string, type: string): EncodedBody {
  return { bytes: new TextEncoder().encode(content), type };
}

/** Parameters of a query or a form. */
export function encodeParameters(parameters: Parameters): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of value === undefined ? [] : [value].flat()) given.append(name, String(one));
  }
  return given.toString();
}

/**
 * https://www.rfc-editor.org/rfc/rfc7578. The boundary is a digest of the parts, so that a repeat has the same bytes and no
 * part can hold it; names are escaped as browsers do
 * (https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data).
 */
function multipart(parts: readonly Part[]): EncodedBody {
  const digest = createHash("sha256");
  const whole = parts.map((part) => {
    const content = Buffer.from(part.value);
    digest.update(headOf(part)).update(content);
    return { head: headOf(part), content };
  });
  const boundary = `part-${digest.digest("hex").slice(0, 40)}`;
  const bytes = whole.flatMap(({ head, content }) => [
    Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
    content,
    lineEnd,
  ]);
  return {
    bytes: Buffer.concat([...bytes, Buffer.from(`--${boundary}--\r\n`)]),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}

function headOf({ name, filename, type }: Part): string {
  const file = filename === undefined ? "" : `; filename="${escapeName(filename)}"`;
  const disposition = `content-disposition: form-data; name="${escapeName(name)}"${file}`;
  const kind = type ?? (filename === undefined ? undefined : "application/octet-stream");
  if (kind === undefined) return disposition;
  if (/^[!-~]+\/[ -~]+$/.test(kind)) return `${disposition}\r\ncontent-type: ${kind}`;
  throw new Fault("invalid_argument", "integration.body: a part's type is no media type", {
    origin: "caller",
  });
}

function escapeName(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}
