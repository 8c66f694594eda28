import { createHmac, generateKeyPairSync, sign } from "node:crypto";
// The cache that an integration's function keeps; no action sees it.
import { createKeptAnswers } from "../../../shared/integration/api/kept-answers.ts";
import { type Scripted, scriptedApi } from "#shared/testing";
import { describe, expect, it } from "vitest";
import integration from "./index.ts";
import { idTokens, sessionCookies, verifyToken } from "./tokens.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" };
const published: Scripted = {
  json: { keys: [jwk] },
  headers: { "cache-control": "public, max-age=19000" },
};
const now = Date.UTC(2026, 0, 1) / 1_000;
const good = {
  iss: "https://securetoken.google.com/my-project",
  aud: "my-project",
  sub: "ada",
  auth_time: now - 600,
  iat: now - 60,
  exp: now + 3_540,
  email: "ada@example.com",
};

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function token(claims: object = {}, header: object = {}, key = privateKey): string {
  const content = `${part({ alg: "RS256", kid: "k1", typ: "JWT", ...header })}.${part({ ...good, ...claims })}`;
  return `${content}.${sign("sha256", Buffer.from(content), key).toString("base64url")}`;
}

const hmac = (): string => {
  const content = `${part({ alg: "HS256", kid: "k1" })}.${part(good)}`;
  const pem = publicKey.export({ type: "spki", format: "pem" });
  return `${content}.${createHmac("sha256", pem).update(content).digest("base64url")}`;
};

function open(...answers: readonly Scripted[]) {
  return scriptedApi(answers.length === 0 ? [published] : answers, {
    http: integration.http,
    config: { project: "my-project" },
    kept: createKeptAnswers(),
    effect: "read",
  });
}

describe("a token of the project", () => {
  it("is valid, and its claims are told", async () => {
    const { api, sent } = open();
    expect(await verifyToken(api, idTokens, token(), false)).toEqual({
      valid: true,
      reason: null,
      uid: "ada",
      claims: good,
      signedInAt: "2025-12-31T23:50:00.000Z",
      expiresAt: "2026-01-01T00:59:00.000Z",
      user: null,
    });
    expect(sent.map(({ url, headers }) => [url, headers["authorization"]])).toEqual([
      [
        "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
        undefined,
      ],
    ]);
  });

  it("may be a cookie, which other keys sign", async () => {
    const { api, sent } = open();
    const cookie = token({ iss: "https://session.firebase.google.com/my-project" });
    expect(await verifyToken(api, sessionCookies, cookie, false)).toMatchObject({ valid: true });
    expect(sent[0]?.url).toBe("https://identitytoolkit.googleapis.com/v1/sessionCookiePublicKeys");
    expect(await verifyToken(api, idTokens, cookie, false)).toMatchObject({
      reason: "wrong-project",
    });
    expect(await verifyToken(api, sessionCookies, token(), false)).toMatchObject({
      reason: "wrong-project",
    });
  });

  it.each([
    ["nothing", "", "malformed"],
    ["two parts", token().split(".").slice(0, 2).join("."), "malformed"],
    ["four parts", `${token()}.x`, "malformed"],
    ["a blank after it", `${token()} `, "malformed"],
    ["no subject", token({ sub: "" }), "malformed"],
    ["a long subject", token({ sub: "x".repeat(129) }), "malformed"],
    ["no time of signing in", token({ auth_time: undefined }), "malformed"],
    ["an audience that is a list", token({ aud: ["my-project"] }), "malformed"],
    ["no algorithm", token({}, { alg: "none" }), "wrong-algorithm"],
    ["the public key as a shared one", hmac(), "wrong-algorithm"],
    ["an unknown extension", token({}, { crit: ["b64"] }), "wrong-algorithm"],
    ["another audience", token({ aud: "other-project" }), "wrong-project"],
    [
      "another issuer",
      token({ iss: "https://securetoken.google.com/other-project" }),
      "wrong-project",
    ],
    ["a time that is over", token({ exp: now }), "expired"],
    ["a time to come", token({ iat: now + 61 }), "not-yet-valid"],
    ["a sign-in to come", token({ auth_time: now + 61 }), "not-yet-valid"],
  ])("is none with %s, and nobody is asked", async (_, text, reason) => {
    const { api, sent } = open();
    const verdict = await verifyToken(api, idTokens, text, true);
    expect(verdict).toMatchObject({ valid: false, reason, uid: null, claims: null });
    expect(sent).toEqual([]);
  });

  it.each([
    ["another key", token({}, {}, stranger), jwk, "wrong-signature"],
    ["other claims", tampered(), jwk, "wrong-signature"],
    ["no key", token({}, { kid: undefined }), jwk, "unknown-key"],
    ["a key for another purpose", token(), { ...jwk, use: "enc" }, "unknown-key"],
    ["a key for another algorithm", token(), { ...jwk, alg: "RS512" }, "unknown-key"],
  ])("is none with %s", async (_, text, key, reason) => {
    const { api } = open({ json: { keys: [key] } });
    expect(await verifyToken(api, idTokens, text, false)).toMatchObject({ valid: false, reason });
  });

  function tampered(): string {
    const [header, , signature] = token().split(".");
    return `${header}.${part({ ...good, sub: "eve" })}.${signature}`;
  }
});

describe("published keys", () => {
  it("are kept as long as Google says", async () => {
    const { api, sent, clock } = open();
    const verify = () => verifyToken(api, idTokens, token({ exp: now + 90_000 }), false);
    await verify();
    clock.advance(18_999_000);
    expect(await verify()).toMatchObject({ valid: true });
    expect(sent).toHaveLength(1);
    clock.advance(2_000);
    await verify();
    expect(sent).toHaveLength(2);
  });

  it("are looked for again when a token names a new one, once a minute", async () => {
    const renewed: Scripted = { ...published, json: { keys: [{ ...jwk, kid: "k2" }] } };
    const { api, sent, clock } = open(published, renewed);
    const next = token({}, { kid: "k2" });
    expect(await verifyToken(api, idTokens, token(), false)).toMatchObject({ valid: true });
    expect(await verifyToken(api, idTokens, next, false)).toMatchObject({ reason: "unknown-key" });
    expect(sent).toHaveLength(1);
    clock.advance(60_000);
    expect(await verifyToken(api, idTokens, next, false)).toMatchObject({ valid: true });
    expect(sent).toHaveLength(2);
  });
});

describe("revocation", () => {
  const user = { localId: "ada", validSince: String(good.auth_time) };

  it.each([
    ["nothing since", [user], true, null],
    [
      "sessions ended since",
      [{ ...user, validSince: String(good.auth_time + 1) }],
      false,
      "revoked",
    ],
    ["the user disabled", [{ ...user, disabled: true }], false, "disabled"],
    ["the user deleted", undefined, false, "no-such-user"],
  ])("%s", async (_, users, valid, reason) => {
    const { api, sent } = open(published, { json: { users } });
    const verdict = await verifyToken(api, idTokens, token(), true);
    expect(verdict).toMatchObject({ valid, reason, user: valid ? { uid: "ada" } : null });
    expect(sent.map(({ text }) => text)).toEqual(["", '{"localId":["ada"]}']);
  });
});
