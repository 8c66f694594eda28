import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from "node:crypto";
import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { Fault } from "#shared/errors";

/**
 * Seals text so that only the owner of a public key can read it, as libsodium's `crypto_box_seal` does: an ephemeral key
 * pair, X25519, and XSalsa20-Poly1305 with a nonce made of both public keys
 * (https://doc.libsodium.org/public-key_cryptography/sealed_boxes). Key and result are base64, as GitHub has them. Throws
 * `internal` from `upstream` for what is no key.
 */
export function seal(text: string, publicKeyBase64: string): string {
  const recipient = Buffer.from(publicKeyBase64, "base64");
  if (recipient.length !== 32) throw noKey();
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const ephemeral = rawOf(publicKey);
  const key = boxKey(privateKey, recipient);
  const box = xsalsa20poly1305(key, nonceOf(ephemeral, recipient)).encrypt(Buffer.from(text));
  return Buffer.concat([ephemeral, box]).toString("base64");
}

/** The nonce of a sealed box. */
export function nonceOf(ephemeral: Uint8Array, recipient: Uint8Array): Uint8Array {
  return blake2b(Buffer.concat([ephemeral, recipient]), { dkLen: 24 });
}

/** The key that both sides of a box come to: https://nacl.cr.yp.to/box.html */
export function boxKey(own: KeyObject, other: Uint8Array): Uint8Array {
  const shared = diffieHellman({ privateKey: own, publicKey: keyOf(other) });
  const out = new Uint32Array(8);
  hsalsa(words(Buffer.from("expand 32-byte k")), words(shared), new Uint32Array(4), out);
  return new Uint8Array(out.buffer);
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
