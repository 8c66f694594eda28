import { seal } from "./sealed-box.ts";
import { createPrivateKey, createPublicKey, diffieHellman } from "node:crypto";
import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { blake2b } from "@noble/hashes/blake2.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const range = (from: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => from + i);
const jwk = { kty: "OKP", crv: "X25519" } as const;

/** Of the private key 00 01 … 1f. */
const recipient = "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8=";
/** Made with libsodium 1.0.18: `crypto_box` from the private key 20 21 … 3f, the ephemeral public key before it. */
const sealed =
  "NYBy1jZYgNGu6jKa35EhODhR7SGijjt16WXQ0s0WYlSh1qYylSh4dM7gCSl2ff495jCi7LW5WE69JbsDpyFWYkrt8Uw/9iP9zT7BTw==";
/** Made with libsodium's `crypto_box_seal`, whose ephemeral key nobody knows. */
const sealedElsewhere =
  "dzq7AWOeB024z1ju+IZgobD8IfxRRd4jT5vuShR75g62jPCVPSf1VQozV7IGGaT3DTk1YOpltJu++1dVooMZNshIow1uXf5Cg1e/DQ==";
const text = "correct horse battery staple";

const words = (raw: Uint8Array): Uint32Array => new Uint32Array(Uint8Array.from(raw).buffer);

/** The other side: what GitHub does with a box. */
function open(box: string): string {
  const bytes = Buffer.from(box, "base64");
  const sender = bytes.subarray(0, 32);
  const own = createPrivateKey({
    key: {
      ...jwk,
      d: Buffer.from(range(0)).toString("base64url"),
      x: Buffer.from(recipient, "base64").toString("base64url"),
    },
    format: "jwk",
  });
  const publicKey = createPublicKey({
    key: { ...jwk, x: sender.toString("base64url") },
    format: "jwk",
  });
  const key = new Uint32Array(8);
  const shared = diffieHellman({ privateKey: own, publicKey });
  hsalsa(words(Buffer.from("expand 32-byte k")), words(shared), new Uint32Array(4), key);
  const nonce = blake2b(Buffer.concat([sender, Buffer.from(recipient, "base64")]), { dkLen: 24 });
  const cipher = xsalsa20poly1305(new Uint8Array(key.buffer), nonce);
  return Buffer.from(cipher.decrypt(bytes.subarray(32))).toString();
}

describe("a sealed box", () => {
  it("is the one that libsodium makes", () => {
    expect(seal(text, recipient, range(32))).toBe(sealed);
    expect(open(sealedElsewhere)).toBe(text);
  });

  it("opens to what was sealed, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 0, max: 220 }),
        (value, from) => {
          expect(open(seal(value, recipient, range(from)))).toBe(value);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("does not open once a bit of it is another", () => {
    const box = Buffer.from(sealed, "base64");
    for (const place of [0, 31, 32, 50, box.length - 1]) {
      const wrong = Buffer.from(box);
      wrong[place] = (wrong[place] ?? 0) ^ 1;
      expect(() => open(wrong.toString("base64"))).toThrow(/tag/);
    }
  });

  it.each([
    ["nothing", ""],
    ["31 bytes", Buffer.alloc(31, 1).toString("base64")],
    ["a point of low order", Buffer.alloc(32).toString("base64")],
  ])("is not made for %s", (_, key) => {
    expect(() => seal(text, key, range(32))).toThrow(
      expect.objectContaining({ code: "internal", origin: "upstream" }),
    );
  });
});
