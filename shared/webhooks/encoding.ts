/**
 * Bytes of a signature or key as text, read strictly: one text per value, so that nothing can be appended,
 * re-cased or padded without being noticed. `undefined` for anything else.
 */
export function decodeStrict(text: string, encoding: "hex" | "base64"): Uint8Array | undefined {
  const bytes = Buffer.from(text, encoding);
  return bytes.length > 0 && bytes.toString(encoding) === text ? bytes : undefined;
}

/** Bytes of a signature as text; the inverse of {@link decodeStrict}. */
export function encode(bytes: Uint8Array, encoding: "hex" | "base64"): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
}
