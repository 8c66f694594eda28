import { crc32 } from "node:zlib";
import { Fault } from "#shared/errors";

/** One message of an AWS event stream. */
export type AwsEvent = {
  /** Its headers that are text: `:message-type`, `:event-type`, `:content-type`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
};

const PRELUDE = 12;
/** A message has a checksum of its first twelve bytes and one of all. */
const CHECKSUM = 4;
/** https://smithy.io/2.0/aws/amazon-eventstream.html: 16 MiB of payload and 128 KiB of headers. */
const MAX_MESSAGE = 16 * 1024 * 1024 + 128 * 1024 + PRELUDE + CHECKSUM;

/**
 * Reads `application/vnd.amazon.eventstream` (https://smithy.io/2.0/aws/amazon-eventstream.html) as it comes. Throws
 * `unavailable` from `upstream` for bytes that are none, and for a stream that ends within a message.
 */
export async function* awsEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<AwsEvent, void> {
  let parts: Uint8Array[] = [];
  let sizeBytes = 0;
  let wanted = PRELUDE;
  for await (const chunk of chunks) {
    parts.push(chunk);
    sizeBytes += chunk.length;
    while (sizeBytes >= wanted) {
      const whole = Buffer.concat(parts);
      const length = lengthOf(whole);
      parts = [whole];
      wanted = length;
      if (whole.length < length) break;
      yield readMessage(whole.subarray(0, length));
      parts = [whole.subarray(length)];
      sizeBytes = whole.length - length;
      wanted = PRELUDE;
    }
  }
  if (sizeBytes > 0) throw broken("ends within a message");
}

function lengthOf(message: Buffer): number {
  const length = message.readUInt32BE(0);
  const headersLength = message.readUInt32BE(4);
  const fits = headersLength <= length - PRELUDE - CHECKSUM && length <= MAX_MESSAGE;
  if (!fits || crc32(message.subarray(0, 8)) !== message.readUInt32BE(8)) {
    throw broken("has a damaged prelude");
  }
  return length;
}

function readMessage(message: Buffer): AwsEvent {
  const end = message.length - CHECKSUM;
  if (crc32(message.subarray(0, end)) !== message.readUInt32BE(end)) {
    throw broken("has a damaged message");
  }
  const headersEnd = PRELUDE + message.readUInt32BE(4);
  try {
    const headers = readHeaders(message.subarray(PRELUDE, headersEnd));
    return { headers, payload: message.subarray(headersEnd, end) };
  } catch (error) {
    // Node's own error for a length that leads beyond the end.
    if (error instanceof RangeError) throw broken("has damaged headers");
    throw error;
  }
}

/** Bytes of a header's value by its type; 6 and 7 tell their length first. */
const fixedSize: Readonly<Record<number, number>> = {
  0: 0,
  1: 0,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  8: 8,
  9: 16,
};
const TEXT = 7;

function readHeaders(bytes: Buffer): Record<string, string> {
  const found: [string, string][] = [];
  for (let at = 0; at < bytes.length;) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const type = bytes.readUInt8(nameEnd);
    const known = fixedSize[type];
    const start = nameEnd + (known === undefined ? 3 : 1);
    const end = start + (known ?? bytes.readUInt16BE(nameEnd + 1));
    if (type > 9 || end > bytes.length) throw broken("has damaged headers");
    if (type === TEXT) {
      found.push([bytes.toString("utf8", at + 1, nameEnd), bytes.toString("utf8", start, end)]);
    }
    at = end;
  }
  return Object.fromEntries(found);
}

function broken(what: string): Fault {
  return new Fault("unavailable", `http.events: the stream ${what}; try again later`, {
    origin: "upstream",
  });
}
