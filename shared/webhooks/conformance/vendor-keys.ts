import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { selfSigned } from "./certificate.ts";
import type { Documents } from "../documents.ts";
import type { WebhookScheme } from "../scheme.ts";
import { keyId } from "../sign-jwt.ts";
import type { SigningKey } from "../sign.ts";

/** Both ends of a vendor's proof: what it signs with, what the connection keeps, and what the vendor publishes. */
export type VendorKeys = {
  readonly signing: SigningKey;
  readonly secret: string;
  readonly documents: Documents;
};

/** A topic, and where its region publishes a certificate. */
export const TOPIC = "arn:aws:sns:eu-west-1:123456789012:builds";
export const CERTIFICATE_URL =
  "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";

/** Makes keys for a scheme. `nowMs` is when its certificate is valid. */
export function vendorKeys(scheme: WebhookScheme, nowMs: number, asymmetric = false): VendorKeys {
  switch (scheme.kind) {
    case "ed25519":
      return pair(ed25519());
    case "ecdsa":
      return pair(ecdsa());
    case "standard-webhooks":
      return asymmetric ? pair(whsk()) : shared(`whsec_${base64Secret}`);
    case "sns":
      return snsKeys(nowMs);
    case "jwt":
      return "jwks" in scheme.keys ? jwksKeys(scheme.keys) : shared(SECRET);
    case "hmac":
    case "list":
      return shared(
        scheme.secret === undefined || scheme.secret === "utf8" ? SECRET : base64Secret,
      );
    default:
      return shared(SECRET);
  }
}

const SECRET = "user:correct-horse-battery-staple";
const base64Secret = Buffer.from(SECRET).toString("base64");

/** Nothing is published, and nothing may be loaded. */
export const noDocuments: Documents = {
  load: (url) => Promise.reject(new Error(`nobody may fetch ${url}`)),
  kept: (url) => Promise.reject(new Error(`nobody may fetch ${url}`)),
};

/** Documents by their address. */
export function publish(published: Readonly<Record<string, string>>): Documents {
  const load = async (url: string): Promise<Uint8Array> => {
    const text = published[url];
    if (text === undefined) throw new Error(`nothing is published at ${url}`);
    return Buffer.from(text);
  };
  return { load, kept: load };
}

function shared(secret: string): VendorKeys {
  return { signing: { secret }, secret, documents: noDocuments };
}

function pair({ private: secret, public: known }: { private: string; public: string }): VendorKeys {
  return { signing: { secret }, secret: known, documents: noDocuments };
}

function ed25519(): { private: string; public: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { private: pem(privateKey), public: rawOf(publicKey).toString("hex") };
}

function whsk(): { private: string; public: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const seed = privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32);
  const raw = rawOf(publicKey);
  return {
    private: `whsk_${Buffer.concat([seed, raw]).toString("base64")}`,
    public: `whpk_${raw.toString("base64")}`,
  };
}

function ecdsa(): { private: string; public: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = publicKey.export({ format: "der", type: "spki" });
  return { private: pem(privateKey), public: der.toString("base64") };
}

function snsKeys(nowMs: number): VendorKeys {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const dayMs = 86_400_000;
  const certificate = selfSigned(privateKey, { fromMs: nowMs - dayMs, toMs: nowMs + dayMs });
  return {
    signing: { secret: pem(privateKey) },
    secret: TOPIC,
    documents: publish({ [CERTIFICATE_URL]: certificate }),
  };
}

function jwksKeys(keys: {
  jwks: string;
  algorithms: readonly string[];
  who: readonly string[];
}): VendorKeys {
  const { privateKey } =
    keys.algorithms[0] === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  const secret = pem(privateKey);
  const who = keys.who.map((name) => `${name}@project.iam.example.com`).join(" ");
  const jwk = createPublicKey(privateKey).export({ format: "jwk" });
  const document = JSON.stringify({
    keys: [{ ...jwk, kid: keyId(secret), alg: keys.algorithms[0], use: "sig" }],
  });
  return { signing: { secret, who }, secret: who, documents: publish({ [keys.jwks]: document }) };
}

function pem(key: ReturnType<typeof generateKeyPairSync>["privateKey"]): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function rawOf(key: ReturnType<typeof generateKeyPairSync>["publicKey"]): Buffer {
  return key.export({ type: "spki", format: "der" }).subarray(-32);
}
