type Encoding = "hex" | "base64" | "base64url";

/**
 * Bytes of a signature or key as text, read strictly: one text per value, so that nothing can be appended,
 * re-cased or padded without being noticed. `undefined` for anything else.
 */
export function decodeStrict(text: string, encoding: Encoding): Uint8Array | undefined {
  const bytes = Buffer.from(text, encoding);
  return bytes.length > 0 && bytes.toString(encoding) === text ? bytes : undefined;
}

/** Bytes of a signature as text; the inverse of {@link decodeStrict}. */
export function encode(bytes: Uint8Array, encoding: Encoding): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
}

/** JSON as an object; `undefined` for anything else. */
export function parseObject(bytes: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
