import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { encode } from "./encoding.ts";
import type { JwtScheme } from "./scheme.ts";

/** What a token is made of beside its scheme. */
export type TokenToSign = {
  readonly secret: string;
  /** The values of the scheme's `who`, joined by blanks. */
  readonly who: string | undefined;
  readonly url: string;
  readonly nowMs: number;
  /** What it claims beside what its scheme wants. */
  readonly event?: object | undefined;
};

/** A token that its scheme accepts for five minutes. */
export function signJwt(
  { keys, issuers, claims }: JwtScheme,
  { secret, who = "", url, nowMs, event }: TokenToSign,
): string {
  const names = "jwks" in keys ? keys.who : [];
  const values = who.split(" ");
  const own = Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
  const issuer = issuers?.[0]?.replaceAll(/\{(\w+)\}/g, (_, name: string) => own[name] ?? "");
  const issuedAt = Math.floor(nowMs / 1000);
  const alg = "jwks" in keys ? keys.algorithms[0] : keys.shared[0];
  const body = {
    ...event,
    iss: issuer,
    aud: url,
    iat: issuedAt,
    exp: issuedAt + 300,
    ...claims,
    ...own,
  };
  const content = `${part({ alg, typ: "JWT", ...("jwks" in keys ? { kid: keyId(secret) } : {}) })}.${part(body)}`;
  return `${content}.${encode(signToken(alg, content, secret), "base64url")}`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signToken(alg: string | undefined, content: string, secret: string): Uint8Array {
  if (alg === "HS256" || alg === "HS512") {
    return createHmac(alg === "HS256" ? "sha256" : "sha512", secret)
      .update(content)
      .digest();
  }
  const key = { key: createPrivateKey(secret), dsaEncoding: "ieee-p1363" } as const;
  return sign("sha256", Buffer.from(content), key);
}

/** The name under which a private key's public half is published. */
export function keyId(privateKey: string): string {
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return createHash("sha256").update(der).digest("hex").slice(0, 16);
}
