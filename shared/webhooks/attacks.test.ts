import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { selfSigned } from "./conformance/certificate.ts";
import { createDocumentCache } from "./documents.ts";
import { type Refusal, type Trust, type Verdict, type WebhookRequest } from "./request.ts";
import type { JwtScheme, SnsScheme } from "./scheme.ts";
import { keyId } from "./sign-jwt.ts";
import { signWebhook } from "./sign.ts";
import { NOW_MS } from "./conformance/tamper.ts";
import {
  CERTIFICATE_URL,
  noDocuments,
  publish,
  TOPIC,
  vendorKeys,
} from "./conformance/vendor-keys.ts";
import { verifyWebhook } from "./verify.ts";

const url = "https://hooks.example.com/hook";
const encoder = new TextEncoder();
const nowSeconds = NOW_MS / 1000;

const google: JwtScheme = {
  kind: "jwt",
  header: "authorization",
  prefix: "Bearer ",
  keys: {
    jwks: "https://www.googleapis.com/oauth2/v3/certs",
    algorithms: ["RS256"],
    who: ["email"],
  },
  issuers: ["https://accounts.google.com"],
  claims: { email_verified: true },
  toleranceSeconds: 60,
};

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("tokens", () => {
  const keys = vendorKeys(google, NOW_MS);
  const { signing } = keys;
  const good = {
    iss: "https://accounts.google.com",
    aud: url,
    email: keys.secret,
    email_verified: true,
    iat: nowSeconds,
    exp: nowSeconds + 300,
  };
  const kid = keyId(signing.secret);
  const token = (header: object, claims: object, key = signing.secret): string => {
    const content = `${part({ alg: "RS256", kid, ...header })}.${part(claims)}`;
    return `${content}.${sign("sha256", Buffer.from(content), key).toString("base64url")}`;
  };
  const trust: Trust = { secrets: [keys.secret], nowMs: NOW_MS, documents: keys.documents };
  const verdict = (text: string, given = trust): Promise<Verdict> => {
    const headers = { authorization: `Bearer ${text}` };
    return verifyWebhook(
      google,
      { method: "POST", url, headers, body: encoder.encode("{}") },
      given,
    );
  };

  it("are accepted as they should be", async () => {
    expect(await verdict(token({}, good))).toEqual({ ok: true });
    expect(await verdict(token({}, { ...good, aud: ["https://other.example.com", url] }))).toEqual({
      ok: true,
    });
  });

  it("are refused without a signature, and with the public key as a shared one", async () => {
    const unsigned = `${part({ alg: "none", kid })}.${part(good)}.`;
    expect((await verdict(unsigned)).ok).toBe(false);
    const publicPem = createPublicKey(signing.secret).export({ type: "spki", format: "pem" });
    for (const alg of ["none", "None", "HS256", "RS384", "PS256", ""]) {
      const content = `${part({ alg, kid })}.${part(good)}`;
      const forged = createHmac("sha256", publicPem).update(content).digest("base64url");
      expect(await verdict(`${content}.${forged}`)).toEqual({
        ok: false,
        reason: "wrong-algorithm",
      });
    }
  });

  it.each<[Refusal, object, object]>([
    ["stale", {}, { exp: nowSeconds - 61 }],
    ["stale", {}, { iat: nowSeconds + 61 }],
    ["stale", {}, { nbf: nowSeconds + 61 }],
    ["malformed-timestamp", {}, { exp: undefined }],
    ["malformed-timestamp", {}, { exp: "1795262700" }],
    ["wrong-claim", {}, { iss: "https://accounts.google.com.evil.example" }],
    ["wrong-claim", {}, { iss: undefined }],
    ["wrong-claim", {}, { aud: "https://hooks.example.com/" }],
    ["wrong-claim", {}, { aud: undefined }],
    ["wrong-claim", {}, { email_verified: "true" }],
    ["wrong-sender", {}, { email: "somebody@else.iam.example.com" }],
    ["wrong-sender", {}, { email: undefined }],
    ["wrong-algorithm", { crit: ["exp"] }, {}],
    ["unknown-key", { kid: "another" }, {}],
    ["unknown-key", { kid: undefined }, {}],
  ])("are refused as %s: %j %j", async (reason, header, claims) => {
    expect(await verdict(token(header, { ...good, ...claims }))).toEqual({ ok: false, reason });
  });

  it.each(["a.b.c", "", "a", `${token({}, good)}.x`, `${token({}, good)}=`, ` ${token({}, good)}`])(
    "are refused as no token: %s",
    async (text) => {
      expect((await verdict(text)).ok).toBe(false);
    },
  );

  it("are refused when the published key is too short, or for something else", async () => {
    const weak = generateKeyPairSync("rsa", { modulusLength: 1_024 }).privateKey;
    const pem = weak.export({ type: "pkcs8", format: "pem" }).toString();
    const strong = createPublicKey(signing.secret).export({ format: "jwk" });
    const short = createPublicKey(weak).export({ format: "jwk" });
    for (const [jwk, key] of [
      [short, pem],
      [{ ...strong, alg: "RS512" }, signing.secret],
      [{ ...strong, use: "enc" }, signing.secret],
      [{ kty: "oct", k: "AAAA" }, signing.secret],
      [null, signing.secret],
    ] as const) {
      const documents = publish({
        "https://www.googleapis.com/oauth2/v3/certs": JSON.stringify({ keys: [{ ...jwk, kid }] }),
      });
      const refused = await verdict(token({}, good, key), { ...trust, documents });
      expect(refused).toEqual({ ok: false, reason: "unknown-key" });
    }
  });

  it("find a new key within a minute, and do not ask more often", async () => {
    const cache = createDocumentCache();
    let published = "{}";
    let loaded = 0;
    const load = async (): Promise<Uint8Array> => {
      loaded++;
      return encoder.encode(published);
    };
    const at = (secondsLater: number): Promise<Verdict> => {
      const nowMs = NOW_MS + secondsLater * 1000;
      return verdict(token({}, good), { ...trust, nowMs, documents: cache.open({ load, nowMs }) });
    };
    expect((await at(0)).ok).toBe(false);
    expect((await at(30)).ok).toBe(false);
    expect(loaded).toBe(1);
    const jwk = createPublicKey(signing.secret).export({ format: "jwk" });
    published = JSON.stringify({ keys: [{ ...jwk, kid }] });
    expect(await at(61)).toEqual({ ok: true });
    expect(await at(200)).toEqual({ ok: true });
    expect(loaded).toBe(2);
  });

  it("cannot be judged while the keys are not to be had, which is no refusal", async () => {
    const documents = publish({});
    await expect(verdict(token({}, good), { ...trust, documents })).rejects.toThrow("published");
  });
});

describe("messages of SNS", () => {
  const scheme: SnsScheme = { kind: "sns", versions: ["1", "2"], toleranceSeconds: 3_600 };
  const keys = vendorKeys(scheme, NOW_MS);
  const message = {
    Type: "Notification",
    MessageId: "m-1",
    TopicArn: TOPIC,
    Message: "hello",
    SigningCertURL: CERTIFICATE_URL,
  };
  const signed = (changes: object): WebhookRequest => {
    const body = encoder.encode(JSON.stringify({ ...message, ...changes }));
    return signWebhook(scheme, { body, nowMs: NOW_MS }, keys.signing);
  };
  const trust: Trust = { secrets: [TOPIC], nowMs: NOW_MS, documents: keys.documents };

  it.each([
    "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem",
    "https://evil.example/SimpleNotificationService-0.pem",
    "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0.pem",
    "https://user@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem?Action=x",
    "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem#x",
    "https://sns.eu-west-1.amazonaws.com/x/SimpleNotificationService-0.pem",
    "https://s3.amazonaws.com/SimpleNotificationService-0.pem",
    "https://SNS.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "",
  ])("never lead to the certificate %s", async (SigningCertURL) => {
    const verdict = await verifyWebhook(scheme, signed({ SigningCertURL }), {
      ...trust,
      documents: noDocuments,
    });
    expect(verdict).toEqual({ ok: false, reason: "unknown-key" });
  });

  it.each<[Refusal, object]>([
    ["wrong-sender", { TopicArn: "arn:aws:sns:eu-west-1:999999999999:builds" }],
    ["malformed-body", { Type: "Other" }],
  ])("are refused as %s", async (reason, changes) => {
    expect(await verifyWebhook(scheme, signed(changes), trust)).toEqual({ ok: false, reason });
  });

  it("are not accepted from an expired or a foreign certificate", async () => {
    const dayMs = 86_400_000;
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
    const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const current = { fromMs: NOW_MS - dayMs, toMs: NOW_MS + dayMs };
    for (const [pem, reason] of [
      [selfSigned(stranger, current), "wrong-signature"],
      [selfSigned(stranger, { fromMs: NOW_MS - 2 * dayMs, toMs: NOW_MS - dayMs }), "unknown-key"],
      [selfSigned(stranger, { fromMs: NOW_MS + dayMs, toMs: NOW_MS + 2 * dayMs }), "unknown-key"],
      [selfSigned(elliptic, current), "unknown-key"],
      ["<html>", "unknown-key"],
    ] as const) {
      const documents = publish({ [CERTIFICATE_URL]: pem });
      const verdict = await verifyWebhook(scheme, signed({}), { ...trust, documents });
      expect(verdict).toEqual({ ok: false, reason });
    }
  });

  it("are refused with SHA-1 where the definition asks for more", async () => {
    const strict: SnsScheme = { ...scheme, versions: ["2"] };
    const body = encoder.encode(JSON.stringify(message));
    const old = signWebhook({ ...scheme, versions: ["1"] }, { body, nowMs: NOW_MS }, keys.signing);
    expect(await verifyWebhook(scheme, old, trust)).toEqual({ ok: true });
    expect(await verifyWebhook(strict, old, trust)).toEqual({
      ok: false,
      reason: "wrong-algorithm",
    });
  });
});
