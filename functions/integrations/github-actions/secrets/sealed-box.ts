import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";
import { Fault } from "#shared/errors";
import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { blake2b } from "@noble/hashes/blake2.js";

/** A private key as PKCS #8 wraps it: https://www.rfc-editor.org/rfc/rfc8410#section-7 */
const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");

/** Bytes of a public and of a private key: https://www.rfc-editor.org/rfc/rfc7748#section-5 */
export const KEY_BYTES = 32;

/**
 * Seals text so that only the owner of a public key can read it, as libsodium's `crypto_box_seal` does: an ephemeral key
 * pair, X25519, and XSalsa20-Poly1305 with a nonce made of both public keys
 * (https://doc.libsodium.org/public-key_cryptography/sealed_boxes). `ephemeral` is the private key, random and used once;
 * key and result are base64, as GitHub has them. Throws `internal` from `upstream` for what is no key.
 */
export function seal(text: string, publicKeyBase64: string, ephemeral: Uint8Array): string {
  const recipient = Buffer.from(publicKeyBase64, "base64");
  if (recipient.length !== KEY_BYTES) throw noKey();
  const secret = createPrivateKey({
    key: Buffer.concat([PKCS8, ephemeral]),
    format: "der",
    type: "pkcs8",
  });
  const sender = rawOf(createPublicKey(secret));
  const nonce = blake2b(Buffer.concat([sender, recipient]), { dkLen: 24 });
  const box = xsalsa20poly1305(boxKey(secret, recipient), nonce).encrypt(Buffer.from(text));
  return Buffer.concat([sender, box]).toString("base64");
}

/** The key that both sides of a box come to: https://nacl.cr.yp.to/box.html */
function boxKey(own: KeyObject, other: Uint8Array): Uint8Array {
  const out = new Uint32Array(8);
  const shared = agree(own, other);
  hsalsa(words(Buffer.from("expand 32-byte k")), words(shared), new Uint32Array(4), out);
  return new Uint8Array(out.buffer);
}

/** OpenSSL refuses points of low order, with which everybody would know the key. */
function agree(own: KeyObject, other: Uint8Array): Uint8Array {
  try {
    return diffieHellman({ privateKey: own, publicKey: keyOf(other) });
  } catch {
    throw noKey();
  }
}

function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

function keyOf(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
}

function rawOf(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}

function noKey(): Fault {
  return new Fault("internal", "github-actions.seal: GitHub gave no X25519 key; try again later", {
    origin: "upstream",
  });
}
