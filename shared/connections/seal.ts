import { createCipheriv, createDecipheriv } from "node:crypto";
import { Fault } from "#shared/errors";

// https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf §5.2.1.1 and §5.2.1.2
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed value belongs to: it opens nowhere else. */
export type BoundTo = readonly (string | number)[];

/**
 * Encrypts with AES-256-GCM, bound to where the value lies. `random` gives the nonce, which a key may meet 2^32 times
 * (§8.3 of the same).
 */
export function seal(
  key: Uint8Array,
  boundTo: BoundTo,
  value: string | Uint8Array,
  random: { bytes(length: number): Uint8Array },
): string {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(JSON.stringify(boundTo)));
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  const data = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  return `${Buffer.from(nonce).toString("base64url")}.${data.toString("base64url")}`;
}

/** The bytes. Throws `failed_precondition` from `platform` when key, place or a single bit is not as it was sealed. */
export function unseal(key: Uint8Array, boundTo: BoundTo, sealed: string): Buffer {
  const [nonce = "", data = ""] = sealed.split(".");
  const bytes = Buffer.from(data, "base64url");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(JSON.stringify(boundTo)));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new Fault(
      "failed_precondition",
      "connections.open: a stored credential was changed, moved or sealed with another key; enter it again",
      { origin: "platform" },
    );
  }
}
