import { createVerify, generateKeyPairSync } from "node:crypto";
import { bindFunction } from "#shared/host";
import { integrationFunction } from "#shared/integration";
import { memoryToken, replayServer, type Replayed, socketPorts } from "#shared/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { errorOf } from "./client.ts";
import { decideCountry } from "./countries.ts";
import integration from "./index.ts";
import { policyText, rangesText } from "./policy.ts";

const account = "signer@my-project.iam.gserviceaccount.com";
const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const keyFile = JSON.stringify({
  client_email: account,
  private_key: privateKey,
  private_key_id: "key-1",
});

/** Runs an action against recorded answers; gives its answer and what it asked. */
async function run(
  action: string,
  input: unknown,
  answers: readonly Replayed[] = [],
  ownKey = false,
) {
  const server = await replayServer(answers);
  const at = "connections/default/firebase-auth/default";
  const ports = socketPorts({
    secrets: { [`${at}/service-account`]: keyFile, [`${at}/project`]: "my-project" },
    settings: {
      AUTERITY_BASE_URL_FIREBASE_AUTH: server.url,
      ...(ownKey ? { AUTERITY_AUTH_URL_FIREBASE_AUTH: server.url } : {}),
    },
  });
  const definition = integrationFunction(integration, { subscribers: [] });
  const output = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: `/v1/integrations/firebase-auth/actions/${action}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: JSON.stringify(input),
      clientIp: undefined,
    },
    { id: "firebase-auth-0001", remainingMs: () => 20_000 },
  );
  await server.close();
  return {
    status: output.status,
    body: JSON.parse(String(output.body)) as unknown,
    asked: server.seen.map(({ recorded }) => recorded),
  };
}

const failed = (status: number, message: string, rpc?: string): Replayed => ({
  status,
  json: { error: { code: status, message, ...(rpc === undefined ? {} : { status: rpc }) } },
});

describe("errorOf", () => {
  it.each([
    [400, "EMAIL_EXISTS", undefined, "already_exists", "get the user by this email"],
    [400, "DUPLICATE_LOCAL_ID", undefined, "already_exists", "by this uid"],
    [400, "USER_NOT_FOUND", undefined, "not_found", "list the users"],
    [400, "INVALID_ID_TOKEN", undefined, "invalid_argument", "sign in again"],
    [400, "TOKEN_EXPIRED", undefined, "failed_precondition", "sign in again"],
    [400, "UNVERIFIED_EMAIL", undefined, "failed_precondition", "verify the user's email"],
    [400, "TOO_MANY_ATTEMPTS_TRY_LATER : blocked", undefined, "resource_exhausted", "wait"],
    [400, "INVALID_EMAIL", undefined, "invalid_argument", "INVALID_EMAIL"],
    [400, "WEAK_PASSWORD : Password should be longer", undefined, "invalid_argument", "WEAK_"],
    [400, "constructor", undefined, "invalid_argument", ""],
    [403, "INSUFFICIENT_PERMISSION", undefined, "permission_denied", "firebaseauth.admin"],
    [404, "CONFIGURATION_NOT_FOUND", "NOT_FOUND", "failed_precondition", "enable"],
    [409, "Requested entity already exists", "ALREADY_EXISTS", "already_exists", "ALREADY_EXISTS"],
    [409, "The operation was aborted", "ABORTED", "aborted", "ABORTED"],
  ])("%i %s", (status, message, rpc, code, reason) => {
    const { json } = failed(status, message, rpc);
    const failure = errorOf({ status, headers: {}, body: json });
    expect(failure).toMatchObject({ code, reason: expect.stringContaining(reason) });
  });

  it.each([
    [200, { error: { message: "EMAIL_EXISTS" } }],
    [
      403,
      { error: { message: "The caller does not have permission", status: "PERMISSION_DENIED" } },
    ],
    [503, { error: { message: "backend", status: "UNAVAILABLE" } }],
    [400, "<html>"],
  ])("leaves %i %j to the status", (status, body) => {
    expect(errorOf({ status, headers: {}, body })).toBeUndefined();
  });
});

const claimsOf = (token: string): unknown => {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const verifier = createVerify("RSA-SHA256").update(`${header}.${claims}`);
  expect(verifier.verify(publicKey, signature, "base64url")).toBe(true);
  return JSON.parse(Buffer.from(claims, "base64url").toString());
};

describe("a custom token", () => {
  it("is signed by the connection's own key, and nobody is asked", async () => {
    const { body, asked } = await run("mint-token", { uid: "ada", claims: { a: 1 } }, [], true);
    expect(asked).toEqual([]);
    expect(body).toMatchObject({ expiresAt: "2026-01-01T00:59:00.000Z" });
    const { token } = z.object({ token: z.string() }).parse(body);
    expect(claimsOf(token)).toEqual({
      iss: account,
      sub: account,
      aud: "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit",
      iat: 1_767_225_540,
      exp: 1_767_229_140,
      uid: "ada",
      claims: { a: 1 },
    });
  });

  it("is none without somebody to sign it", async () => {
    expect(await run("mint-token", { uid: "ada" })).toMatchObject({
      body: { code: "failed_precondition", origin: "caller", details: { field: "signer" } },
      asked: [],
    });
  });

  it.each([
    [{ uid: "" }, "uid"],
    [{ uid: "x".repeat(129) }, "uid"],
    [{ uid: "ada", claims: { iss: "me" } }, "claims"],
    [{ uid: "ada", claims: { a: "x".repeat(1_000) } }, "claims"],
  ])("is refused for %j", async (input, field) => {
    const { status, body } = await run("mint-token", input, [], true);
    expect([status, body]).toMatchObject([400, { details: { field } }]);
  });
});

const uid = "ada";
const phone = {
  mfaEnrollmentId: "p1",
  phoneInfo: "+15555550100",
  enrolledAt: "2025-01-01T00:00:00Z",
};
const other = { mfaEnrollmentId: "p2", phoneInfo: "+15555550101", displayName: "work" };
const totp = { mfaEnrollmentId: "t1", totpInfo: {} };
const withFactors = (...mfaInfo: unknown[]): Replayed => ({
  json: { users: [{ localId: uid, mfaInfo }] },
});
const changed: Replayed = { json: { localId: uid } };

describe("second factors", () => {
  it("are not enrolled twice", async () => {
    const input = { uid, phoneNumber: phone.phoneInfo };
    const { body, asked } = await run("enroll-phone", input, [withFactors(phone)]);
    expect([body, asked.length]).toMatchObject([{ id: "p1", kind: "phone" }, 1]);
  });

  it("keep the others when one is withdrawn", async () => {
    const answers = [withFactors(phone, other), changed];
    const { body, asked } = await run("withdraw-factor", { uid, factor: "p1" }, answers);
    expect(body).toEqual({ withdrawn: 1 });
    expect(asked[1]?.json).toEqual({ localId: uid, mfa: { enrollments: [other] } });
  });

  it("are left alone where none is meant, or the user has none", async () => {
    for (const answer of [withFactors(phone), { json: { users: [{ localId: uid }] } }]) {
      const { body, asked } = await run("withdraw-factor", { uid, factor: "p9" }, [answer]);
      expect([body, asked.length]).toEqual([{ withdrawn: 0 }, 1]);
    }
  });

  it.each([
    ["enroll-phone", { uid, phoneNumber: "+15555550123" }],
    ["withdraw-factor", { uid, factor: "p1" }],
  ])("of an app are not ended by %s", async (action, input) => {
    const { body, asked } = await run(action, input, [withFactors(phone, totp)]);
    expect([body, asked.length]).toMatchObject([{ code: "failed_precondition" }, 1]);
  });

  it("are withdrawn by the user itself, whatever they are", async () => {
    const { body, asked } = await run("withdraw-factor", { idToken: "t", factor: "t1" }, [
      { json: {} },
    ]);
    expect(body).toEqual({ withdrawn: 1 });
    expect(asked).toMatchObject([
      {
        path: "/v2/accounts/mfaEnrollment:withdraw",
        json: { idToken: "t", mfaEnrollmentId: "t1" },
      },
    ]);
  });

  it("that somebody else overwrote are told", async () => {
    const answers = [withFactors(), changed, withFactors(phone)];
    const { body } = await run("enroll-phone", { uid, phoneNumber: "+15555550123" }, answers);
    expect(body).toMatchObject({ code: "aborted" });
  });

  it("of nobody are not found", async () => {
    for (const action of ["list-factors", "enroll-phone"]) {
      const { body } = await run(action, { uid, phoneNumber: phone.phoneInfo }, [{ json: {} }]);
      expect(body).toMatchObject({ code: "not_found", origin: "caller" });
    }
  });
});

describe("a provider", () => {
  const absent = failed(404, "CONFIGURATION_NOT_FOUND", "NOT_FOUND");
  const apple = {
    provider: "apple",
    clientId: "com.example",
    teamId: "T",
    keyId: "K",
    privateKey: "P",
  };
  const appleSignInConfig = {
    codeFlowConfig: { teamId: "T", keyId: "K", privateKey: "P" },
    bundleIds: [],
  };

  it("that was never set up is", async () => {
    const made = { name: "projects/1/defaultSupportedIdpConfigs/apple.com", enabled: true };
    const { body, asked } = await run("enable-provider", apple, [absent, { json: made }]);
    expect(body).toEqual({ provider: "apple", enabled: true, clientId: null });
    expect(asked).toMatchObject([
      { method: "PATCH", query: { updateMask: "enabled,clientId,appleSignInConfig" } },
      {
        method: "POST",
        query: { idpId: "apple.com" },
        json: { enabled: true, clientId: "com.example", appleSignInConfig },
      },
    ]);
  });

  it("that was never set up is not disabled, and says so", async () => {
    const { body } = await run("disable-provider", { provider: "google" }, [absent]);
    expect(body).toEqual({ provider: "google", existed: false });
  });

  it("cannot be set up where authentication is not", async () => {
    const { body } = await run("enable-provider", apple, [absent, absent]);
    expect(body).toMatchObject({
      code: "failed_precondition",
      detail: expect.stringContaining("CONFIGURATION_NOT_FOUND"),
    });
  });

  it("is one of four, each with its own proof", async () => {
    for (const input of [
      { provider: "twitter", clientId: "c", clientSecret: "s" },
      { provider: "apple", clientId: "c", clientSecret: "s" },
      { provider: "github", clientId: "c" },
    ]) {
      expect(await run("enable-provider", input)).toMatchObject({ status: 400, asked: [] });
    }
  });
});

it("asks for no other proof of its own where a user's token is not taken", async () => {
  const answers = [failed(400, "INVALID_ID_TOKEN"), { json: { sessionCookie: "c" } }];
  const { body, asked } = await run("create-cookie", { idToken: "t" }, answers);
  expect([body, asked.length]).toMatchObject([{ code: "invalid_argument" }, 1]);
});

describe("users", () => {
  it("that are gone are no error", async () => {
    const { body } = await run("delete-user", { uid }, [failed(400, "USER_NOT_FOUND")]);
    expect(body).toEqual({ uid, existed: false });
    expect(await run("get-user", { uid }, [{ json: {} }])).toMatchObject({ body: { user: null } });
  });

  it("end where a page has none", async () => {
    const users = [{ localId: "a" }, { localId: "b" }];
    const answers = [{ json: { users, nextPageToken: "n" } }, { json: { nextPageToken: "n2" } }];
    const { body, asked } = await run("list-users", { pageSize: 5 }, answers);
    expect(body).toMatchObject({ items: [{ uid: "a" }, { uid: "b" }], next: null });
    expect(asked.map(({ query }) => query)).toEqual([
      { maxResults: "5" },
      { maxResults: "5", nextPageToken: "n" },
    ]);
  });

  it("are changed in something", async () => {
    expect(await run("update-user", { uid })).toMatchObject({ status: 400, asked: [] });
    expect(await run("create-user", { password: "123456" })).toMatchObject({
      status: 400,
      body: { details: { field: "email" } },
    });
  });
});

describe("countries", () => {
  const ranges = "192.0.2.0/24=DE 192.0.2.128/25=AT 198.51.100.7/32=KP 2001:db8::/32=CH";

  it.each([
    ["off", "198.51.100.7", true, "KP", "no-policy"],
    ["off", "203.0.113.1", true, null, "no-policy"],
    ["block KP; unknown allow", "198.51.100.7", false, "KP", "listed"],
    ["block KP; unknown allow", "198.51.100.8", true, null, "unknown-country"],
    ["block KP; unknown deny", "198.51.100.8", false, null, "unknown-country"],
    ["block KP,IR; unknown deny", "192.0.2.1", true, "DE", "not-listed"],
    ["allow DE,CH; unknown deny", "192.0.2.1", true, "DE", "listed"],
    ["allow DE,CH; unknown deny", "192.0.2.129", false, "AT", "not-listed"],
    ["allow DE,CH; unknown deny", "2001:db8::1", true, "CH", "listed"],
    ["allow DE,CH; unknown deny", "2001:db9::1", false, null, "unknown-country"],
    ["allow DE,CH; unknown allow", "", true, null, "unknown-country"],
    ["allow DE,CH; unknown deny", "192.0.2.1, 198.51.100.7", false, null, "unknown-country"],
    ["block KP; unknown deny", "::ffff:198.51.100.7", false, "KP", "listed"],
  ])("%s: %s", (policy, address, allowed, country, reason) => {
    expect(policyText.safeParse(policy).success).toBe(true);
    expect(decideCountry(policy, ranges, address)).toEqual({ allowed, country, reason });
  });

  it.each(["", "allow DE", "block ; unknown deny", "allow de; unknown deny", "allow DE; unknown"])(
    "have no policy %j: what holds for an unknown one must be said",
    (policy) => {
      expect(policyText.safeParse(policy).success).toBe(false);
    },
  );

  it.each([
    ["", true],
    [ranges, true],
    [ranges.replaceAll(" ", "\n"), true],
    ["192.0.2.0/24=Germany", false],
    ["192.0.2.0=DE", false],
    ["192.0.2.0/24=DE ".repeat(1_501), false],
  ])("have a table: %s", (text, right) => {
    expect(rangesText.safeParse(text).success).toBe(right);
  });

  it.each(["192.0.2.0/33=DE", "192.0.2/24=DE", "2001:db8::/129=CH"])(
    "are not decided about by a table with %s",
    (text) => {
      expect(() => decideCountry("off", text, "192.0.2.1")).toThrow("a range that is none");
    },
  );
});
