import { createVerify, generateKeyPairSync } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { type HttpRequest, openSockets } from "#shared/http";
import { Redacted } from "#shared/secrets";
import { listen, memoryPorts, type TestServer } from "#shared/testing";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import type { Auth } from "./auth.ts";
import { createAuthorizer } from "./authorizer.ts";
import { isRevoked, type IssuedTokens, type TokenCache } from "./tokens.ts";

const plain = z.string();
const field = { label: "Field", required: true, secret: true } as const;
const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const account = JSON.stringify({
  client_email: "bot@project.iam.gserviceaccount.com",
  private_key: privateKey,
  private_key_id: "key-7",
  token_uri: "https://evil.example/token",
});
const setting = (example: string) => ({ label: "Setting", schema: plain, example });
const nowMs = Date.UTC(2026, 0, 1);
const nowSeconds = nowMs / 1000;

type Seen = {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly form: Record<string, string>;
  readonly json: unknown;
};
type Answer = { readonly status?: number; readonly json: unknown };

const closing: TestServer[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server.close();
});

async function run(
  method: Auth,
  given: Record<string, string>,
  config: Record<string, string>,
  answer: Answer,
) {
  const seen: Seen[] = [];
  const server = await listen((request, response) => {
    void buffer(request).then((bytes) => {
      const text = bytes.toString();
      seen.push({
        path: request.url ?? "",
        authorization: request.headers.authorization,
        form: text.startsWith("{") ? {} : Object.fromEntries(new URLSearchParams(text)),
        json: text.startsWith("{") ? (JSON.parse(text) as unknown) : undefined,
      });
      response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer.json));
    });
  });
  closing.push(server);
  const issued: IssuedTokens[] = [];
  const cache: TokenCache = {
    async token(obtain) {
      const tokens = await obtain(given["refresh"]);
      issued.push(tokens);
      return tokens.accessToken;
    },
  };
  const { clock, random } = memoryPorts();
  const { signal } = new AbortController();
  const sockets = openSockets();
  const authorize = createAuthorizer(method, {
    connection: {
      credentials: new Map(
        Object.entries(given).map(([name, value]) => [name, new Redacted(value)]),
      ),
      config,
    },
    ports: {
      clock: { now: () => clock.now(), sleep: patience },
      ...{ random, sockets, signal },
      origin: server.url,
      remainingMs: () => 10_000,
    },
    cache,
  });
  const request: HttpRequest = {
    method: "GET",
    url: "https://api.example.com/items",
    signal,
    remainingMs: () => 10_000,
  };
  try {
    const sent = await authorize(request, false);
    return { seen, issued, authorization: sent?.headers?.["authorization"] };
  } finally {
    sockets.close();
  }
}

function patience(milliseconds: number, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    stop?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("stopped"));
    });
  });
}

function claimsOf(jwt: string): { header: unknown; claims: unknown } {
  const [header = "", claims = "", signature = ""] = jwt.split(".");
  const verifier = createVerify("RSA-SHA256").update(`${header}.${claims}`);
  expect(verifier.verify(publicKey, signature, "base64url")).toBe(true);
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
  return { header: read(header), claims: read(claims) };
}

const application = { "client-id": "id:1", "client-secret": "sec/ret" };
const applicationFields = { "client-id": field, "client-secret": field };
const token = { access_token: "t-1", token_type: "Bearer", expires_in: "3600" };

describe("tokens as each vendor gives them", () => {
  it("come for an application's credentials, as Entra ID wants them", async () => {
    const method: Auth = {
      kind: "client-credentials",
      tokenUrl: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
      clientAuth: "body",
      scopes: ["https://management.azure.com/.default"],
      fields: applicationFields,
      config: { tenant: setting("contoso") },
    };
    const { seen, issued, authorization } = await run(
      method,
      application,
      { tenant: "a b" },
      { json: token },
    );
    expect(seen).toMatchObject([
      {
        path: "/a%20b/oauth2/v2.0/token",
        form: {
          grant_type: "client_credentials",
          client_id: "id:1",
          client_secret: "sec/ret",
          scope: "https://management.azure.com/.default",
        },
      },
    ]);
    expect(issued).toEqual([
      { accessToken: "t-1", refreshToken: undefined, expiresAtMs: nowMs + 3_600_000 },
    ]);
    expect(authorization).toBe("Bearer t-1");
  });

  it("come for a pair in the header, whose halves are encoded", async () => {
    const method: Auth = {
      kind: "client-credentials",
      tokenUrl: "https://vendor.example/token",
      clientAuth: "basic",
      scopes: [],
      parameters: { audience: "https://api.example.com" },
      fields: applicationFields,
    };
    const { seen } = await run(method, application, {}, { json: token });
    const pair = Buffer.from("id%3A1:sec%2Fret").toString("base64");
    expect(seen).toMatchObject([
      { authorization: `Basic ${pair}`, form: { audience: "https://api.example.com" } },
    ]);
    expect(seen[0]?.form).not.toHaveProperty("client_secret");
  });

  it("are refreshed, and stand where Slack puts those of a person", async () => {
    const method: Auth = {
      kind: "oauth2",
      authorizeUrl: "https://slack.com/oauth/v2/authorize",
      tokenUrl: "https://slack.com/api/oauth.v2.access",
      clientAuth: "body",
      scopes: ["chat:write"],
      pkce: false,
      refresh: "rotating",
      tokenPath: "authed_user",
      fields: applicationFields,
    };
    const authed_user = { access_token: "xoxe-2", refresh_token: "r-2", expires_in: 43_200 };
    const given = { ...application, refresh: "r-1" };
    const { seen, issued } = await run(method, given, {}, { json: { ok: true, authed_user } });
    expect(seen[0]?.form).toMatchObject({ grant_type: "refresh_token", refresh_token: "r-1" });
    expect(issued).toMatchObject([{ accessToken: "xoxe-2", refreshToken: "r-2" }]);
    const stable = await run(
      { ...method, refresh: "stable" },
      given,
      {},
      { json: { ok: true, authed_user: { access_token: "xoxe-3" } } },
    );
    expect(stable.issued).toEqual([
      { accessToken: "xoxe-3", refreshToken: "r-1", expiresAtMs: undefined },
    ]);
    await expect(
      run(method, given, {}, { json: { ok: false, error: "invalid_refresh_token" } }),
    ).rejects.toSatisfy(isRevoked);
  });

  it("come for an assertion of a service account, never from where a key file says", async () => {
    const method: Auth = {
      kind: "service-account",
      scopes: ["https://www.googleapis.com/auth/cloud-platform"],
      fields: { "service-account": field },
    };
    const { seen } = await run(method, { "service-account": account }, {}, { json: token });
    expect(seen[0]?.path).toBe("/token");
    expect(claimsOf(seen[0]?.form["assertion"] ?? "")).toEqual({
      header: { alg: "RS256", typ: "JWT", kid: "key-7" },
      claims: {
        iss: "bot@project.iam.gserviceaccount.com",
        aud: "https://oauth2.googleapis.com/token",
        scope: "https://www.googleapis.com/auth/cloud-platform",
        iat: nowSeconds - 60,
        exp: nowSeconds + 3_540,
      },
    });
  });

  it("are made by the service account itself for an audience, and exchanged for an ID token", async () => {
    const fields = { "service-account": field };
    const self: Auth = {
      kind: "service-account",
      audience: "https://{api}.googleapis.com/",
      fields,
    };
    const own = await run(self, { "service-account": account }, { api: "firestore" }, { json: {} });
    expect(own.seen).toEqual([]);
    expect(claimsOf(own.authorization?.slice("Bearer ".length) ?? "").claims).toMatchObject({
      aud: "https://firestore.googleapis.com/",
      sub: "bot@project.iam.gserviceaccount.com",
    });
    const id: Auth = { kind: "service-account", idTokenAudience: "https://run.example", fields };
    const asked = await run(id, { "service-account": account }, {}, { json: { id_token: "id-1" } });
    expect(claimsOf(asked.seen[0]?.form["assertion"] ?? "").claims).toMatchObject({
      target_audience: "https://run.example",
    });
    expect(asked.authorization).toBe("Bearer id-1");
  });

  it("come for an installation of a GitHub App", async () => {
    const method: Auth = {
      kind: "github-app",
      apiUrl: "https://api.github.com",
      fields: { "private-key": field },
      config: { "app-id": setting("1"), "installation-id": setting("2") },
    };
    const config = { "app-id": "12", "installation-id": "34" };
    const oneLine = privateKey.replaceAll("\n", String.raw`\n`);
    const answer = { status: 201, json: { token: "ghs-1", expires_at: "2026-01-01T01:00:00Z" } };
    const { seen, issued } = await run(method, { "private-key": oneLine }, config, answer);
    expect(seen[0]?.path).toBe("/app/installations/34/access_tokens");
    expect(claimsOf(seen[0]?.authorization?.slice("Bearer ".length) ?? "").claims).toEqual({
      iss: "12",
      iat: nowSeconds - 60,
      exp: nowSeconds + 540,
    });
    expect(issued).toEqual([
      { accessToken: "ghs-1", refreshToken: undefined, expiresAtMs: nowMs + 3_600_000 },
    ]);
  });

  it("come for a name and a token, as Docker Hub wants them", async () => {
    const method: Auth = {
      kind: "exchange",
      tokenUrl: "https://hub.docker.com/v2/auth/token",
      body: { identifier: "username", secret: "token" },
      tokenPath: "access_token",
      lifetime: { seconds: 600 },
      fields: { username: field, token: field },
    };
    const given = { username: "ada", token: "dckr_pat" };
    const { seen, issued } = await run(method, given, {}, { json: { access_token: "jwt" } });
    expect(seen[0]?.json).toEqual({ identifier: "ada", secret: "dckr_pat" });
    expect(issued).toMatchObject([{ accessToken: "jwt", expiresAtMs: nowMs + 600_000 }]);
    const told: Auth = { ...method, lifetime: { path: "life.seconds" }, prefix: "JWT " };
    const answer = { json: { access_token: "jwt", life: { seconds: 60 } } };
    expect(await run(told, given, {}, answer)).toMatchObject({
      authorization: "JWT jwt",
      issued: [{ expiresAtMs: nowMs + 60_000 }],
    });
    await expect(run(told, given, {}, { json: { access_token: "jwt" } })).rejects.toThrow(
      "no token",
    );
  });

  const clientCredentials: Auth = {
    kind: "client-credentials",
    tokenUrl: "https://vendor.example/token",
    clientAuth: "body",
    scopes: [],
    fields: applicationFields,
  };

  it.each<[string, Answer, object]>([
    [
      "an unknown application",
      { status: 401, json: { error: "invalid_client", error_description: "no sec/ret here" } },
      { code: "unauthenticated", message: expect.stringMatching(/invalid_client: no secret here/) },
    ],
    ["an answer without a token", { json: { ok: true } }, { code: "internal", origin: "upstream" }],
    ["an endpoint that is down", { status: 503, json: { error: "x" } }, { code: "unavailable" }],
    [
      "an error that is no text",
      { status: 400, json: { error: { code: 1 } } },
      { code: "invalid_argument" },
    ],
  ])("fails plainly for %s", async (_, answer, fault) => {
    const failed = run(clientCredentials, application, {}, answer);
    await expect(failed).rejects.toMatchObject(fault);
    await expect(failed).rejects.not.toSatisfy(isRevoked);
  });

  it("names a key that is none, and quotes none of it", async () => {
    const method: Auth = {
      kind: "service-account",
      scopes: ["s"],
      fields: { "service-account": field },
    };
    for (const bad of ["{", "{}", JSON.stringify({ client_email: "a", private_key: "canary" })]) {
      const failed = run(method, { "service-account": bad }, {}, { json: token });
      await expect(failed).rejects.toMatchObject({
        code: "failed_precondition",
        origin: "caller",
        message: expect.not.stringContaining("canary"),
      });
    }
  });
});
