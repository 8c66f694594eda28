import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Fault } from "#shared/errors";
import * as z from "zod";

/** A secret as it lies in the file: AES-256-GCM, bound to its name and version. Bytes are in base64. */
export const SealedSecret = z.strictObject({
  name: z.string(),
  /** Counts from 1 with every new value. */
  version: z.int().min(1),
  nonce: z.string(),
  tag: z.string(),
  data: z.string(),
});

export type SealedSecret = z.infer<typeof SealedSecret>;

export const KEY_BYTES = 32;
// https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf §5.2.1.1 and §5.2.1.2
const NONCE_BYTES = 12;
const TAG = { authTagLength: 16 };

/** Encrypts a value. The nonce is random: one key may do so 2^32 times (§8.3 of the same). */
export function seal(key: Buffer, name: string, version: number, value: string): SealedSecret {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, TAG).setAAD(boundTo(name, version));
  const data = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  const [sealed, tag] = [data, cipher.getAuthTag()].map((bytes) => bytes.toString("base64"));
  return { name, version, nonce: nonce.toString("base64"), tag: tag ?? "", data: sealed ?? "" };
}

/** The value. Throws `failed_precondition` when anything is not as it was sealed: key, name, version or bytes. */
export function unseal(key: Buffer, { name, version, nonce, tag, data }: SealedSecret): string {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"), TAG)
      .setAAD(boundTo(name, version))
      .setAuthTag(Buffer.from(tag, "base64"));
    const value = Buffer.concat([decipher.update(data, "base64"), decipher.final()]);
    return value.toString("utf8");
  } catch {
    throw damaged("a secret in it was changed or belongs to another key");
  }
}

/** What a file of secrets is refused with; never says which secret, because its name may be what was changed. */
export function damaged(what: string): Fault {
  return new Fault(
    "failed_precondition",
    `secrets.open: the encrypted file cannot be trusted, ${what}; restore secrets.enc and secrets.key together, or delete both and set the secrets again`,
    { origin: "platform" },
  );
}

/** A line break is in no name. */
function boundTo(name: string, version: number): Buffer {
  return Buffer.from(`${name}\n${version}`);
}
