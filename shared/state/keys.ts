import { Fault } from "#shared/errors";

/** DynamoDB's sort keys end at 1,024 bytes and Azure Table's at 512 characters; some of it is for our prefixes. */
const MAX_KEY_CHARACTERS = 400;
const encoder = new TextEncoder();

/**
 * A key in the alphabet every store takes unchanged, `[A-Za-z0-9._~-]`, such that the order of the escaped texts is
 * the byte order of the keys, in stores that compare bytes as in those that compare UTF-16.
 *
 * Digits and letters but "A" stand for themselves. Every other byte becomes two hex digits behind the one of the
 * leaders `- . A _ ~` that sorts where the byte does; one leader for all would sort ":" before "0" or after "Z".
 */
export function escapeKey(text: string): string {
  let escaped = "";
  for (const byte of encoder.encode(text)) escaped += codes[byte];
  return escaped;
}

/** The first key after all keys that begin with this escaped prefix: no escaped byte begins with two tildes. */
export function prefixEnd(escapedPrefix: string): string {
  return `${escapedPrefix}~~`;
}

/** The physical partition: no choice of partition can reach into another tenant's. */
export function partitionKey(tenant: string, partition: string): string {
  return checked("partition", `${escapeKey(tenant)}~~${escapePart("partition", partition)}`);
}

/** The physical sort key. */
export function sortKey(sort: string): string {
  return checked("sort key", escapePart("sort key", sort));
}

const codes: readonly string[] = Array.from({ length: 256 }, (_, byte) => codeOf(byte));

function codeOf(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[0-9B-Za-z]/.test(character)
    ? character
    : `${leaderOf(byte)}${byte.toString(16).padStart(2, "0")}`;
}

function leaderOf(byte: number): string {
  if (byte <= 0x2d) return "-";
  if (byte <= 0x2f) return ".";
  if (byte <= 0x41) return "A";
  return byte <= 0x60 ? "_" : "~";
}

// Two lone surrogates encode to the same bytes: two keys would be one.
function escapePart(part: string, text: string): string {
  if (text !== "" && text.isWellFormed()) return escapeKey(text);
  throw new Fault(
    "invalid_argument",
    `state.key: the ${part} is empty or no well-formed text; give it a value`,
  );
}

function checked(part: string, escaped: string): string {
  if (escaped.length <= MAX_KEY_CHARACTERS) return escaped;
  throw new Fault(
    "invalid_argument",
    `state.key: the ${part} has ${escaped.length} characters when escaped, at most ${MAX_KEY_CHARACTERS} fit; shorten it`,
  );
}
