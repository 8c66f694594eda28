const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

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

/** The inverse of {@link escapeKey}; throws a TypeError for what it does not give. */
export function unescapeKey(escaped: string): string {
  const bytes: number[] = [];
  for (const [, hex, plain = ""] of escaped.matchAll(/[-.A_~]([0-9a-f]{2})|(.)/gs)) {
    bytes.push(hex === undefined ? plain.charCodeAt(0) : Number.parseInt(hex, 16));
  }
  return decoder.decode(Uint8Array.from(bytes));
}

/** The first key after all keys that begin with this escaped prefix: no escaped byte begins with two tildes. */
export function prefixEnd(escapedPrefix: string): string {
  return `${escapedPrefix}~~`;
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
