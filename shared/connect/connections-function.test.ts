import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canaries, connectWorld, masterKeys } from "./connect-world.conformance.ts";

const { token, next, webhookSecret, clientSecret } = canaries;
const created = { fields: { token }, config: { site: "us" } };

let world: Awaited<ReturnType<typeof connectWorld>>;
beforeEach(async () => {
  world = await connectWorld();
});
afterEach(async () => {
  await world.vendor.close();
  // Whatever a test did: nothing that was said, stored or logged holds a secret.
  expect(world.trail()).not.toContain("canary");
});

describe("connections over HTTP", () => {
  it("creates, lists, shows, tests, rotates and deletes", async () => {
    const { call, seen } = world;
    expect(await call("POST", "/v1/connections/acme", created)).toMatchObject({
      status: 201,
      json: { integration: "acme", name: "default", version: 1, config: { site: "us" } },
    });
    expect(await call("GET", "/v1/connections")).toMatchObject({
      json: { items: [{ name: "default", fields: [{ name: "token", version: 1 }] }] },
    });
    expect(await call("POST", "/v1/connections/acme/default/test")).toMatchObject({
      json: { status: "healthy", fault: null, sandbox: false },
    });
    expect(seen.at(-1)?.authorization).toBe(`Bearer ${token}`);
    expect(
      await call("POST", "/v1/connections/acme/default/rotate", { fields: { token: next } }),
    ).toMatchObject({
      json: { version: 2, health: { status: "unknown" }, config: { site: "us" } },
    });
    expect(
      await call("POST", "/v1/integrations/acme/actions/get-me", {}, "key-a", "acme"),
    ).toMatchObject({
      json: { name: "Ada" },
    });
    expect(seen.at(-1)?.authorization).toBe(`Bearer ${next}`);
    expect(await call("GET", "/v1/connections/acme/default")).toMatchObject({
      json: { history: [{ what: "rotated", who: "ada", fields: ["token"] }, { what: "created" }] },
    });
    expect((await call("DELETE", "/v1/connections/acme/default")).status).toBe(204);
    expect((await call("GET", "/v1/connections/acme/default")).status).toBe(404);
    expect((await call("DELETE", "/v1/connections/acme/default")).status).toBe(404);
  });

  it("tells what a form has to ask for, and never what was given", async () => {
    await world.call("POST", "/v1/connections/acme", created);
    expect((await world.call("GET", "/v1/connections/acme")).json).toMatchObject({
      setup: ["Make a token"],
      methods: [
        {
          kind: "bearer",
          consent: false,
          fields: [
            { name: "token", required: true },
            { name: "webhook-secret", required: false },
          ],
          config: [{ name: "site", default: "eu", required: false }],
        },
      ],
      items: [{ name: "default" }],
    });
  });

  it("keeps tenants apart", async () => {
    const { call, seen } = world;
    await call("POST", "/v1/connections/acme", created);
    expect((await call("GET", "/v1/connections", undefined, "key-b")).json).toEqual({ items: [] });
    for (const [method, tail] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/rotate"],
    ] as const) {
      const target = `/v1/connections/acme/default${tail}`;
      expect((await call(method, target, undefined, "key-b")).status).toBe(404);
    }
    await call("POST", "/v1/integrations/acme/actions/get-me", {}, "key-b", "acme");
    expect(seen.at(-1)?.authorization).toBeUndefined();
    expect((await call("GET", "/v1/connections", undefined, "")).status).toBe(401);
    expect((await call("GET", "/v1/connections", undefined, "key-c")).status).toBe(401);
  });

  it("says what is wrong with a connection, and what a check found", async () => {
    const { call, vendorAnswers } = world;
    await call("POST", "/v1/connections/acme", created);
    vendorAnswers(401, { error: "bad token" });
    expect((await call("POST", "/v1/connections/acme/default/test")).json).toMatchObject({
      status: "unhealthy",
      fault: { code: "unauthenticated", message: expect.stringContaining("answered 401") },
    });
    expect((await call("GET", "/v1/connections/acme/default")).json).toMatchObject({
      health: { status: "unhealthy" },
    });
    expect((await call("POST", "/v1/connections/acme/other/test")).status).toBe(404);
  });

  it.each([
    [{ fields: { tokn: token } }, 400, '"tokn" is no credential; there are token, webhook-secret'],
    [{ fields: { token }, config: { site: "moon" } }, 400, '"site" does not fit'],
    [{ fields: { token }, config: { sight: "eu" } }, 400, '"sight" is no setting'],
    [{ fields: {} }, 400, '"token" is missing'],
    [{ fields: { token: 1 } }, 400, '"fields.token" does not fit'],
    [{ fields: { token }, name: "No Name" }, 400, "lower-case letters"],
    [{ fields: { token }, extra: token }, 400, "does not fit"],
  ])("refuses %j", async (body, status, message) => {
    const answer = await world.call("POST", "/v1/connections/acme", body);
    expect([answer.status, answer.json]).toEqual([
      status,
      expect.objectContaining({ detail: expect.stringContaining(message) }),
    ]);
  });

  it("does not overwrite, and knows what does not exist", async () => {
    const { call } = world;
    await call("POST", "/v1/connections/acme", created);
    expect((await call("POST", "/v1/connections/acme", created)).status).toBe(409);
    expect((await call("POST", "/v1/connections/acme", { ...created, name: "two" })).status).toBe(
      201,
    );
    expect((await call("GET", "/v1/connections/unknown")).status).toBe(404);
    expect((await call("GET", "/v1/connections/__proto__")).status).toBe(404);
    expect((await call("POST", "/v1/connections/acme/two/explode")).status).toBe(404);
  });

  it("keeps a replaced webhook secret until the next replacement", async () => {
    const { call } = world;
    const fields = { token, "webhook-secret": webhookSecret };
    await call("POST", "/v1/connections/acme", { fields });
    const other = { fields: { "webhook-secret": next } };
    expect((await call("POST", "/v1/connections/acme/default/rotate", other)).json).toMatchObject({
      fields: [
        { name: "token", version: 1 },
        { name: "webhook-secret", version: 2 },
        { name: "webhook-secret-previous", version: 2 },
      ].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    });
  });

  it("wraps data keys anew after a change of the master key, and needs the old one until then", async () => {
    const { call, withMasterKeys } = world;
    const [old = "", fresh = ""] = masterKeys;
    await call("POST", "/v1/connections/acme", created);
    withMasterKeys(fresh);
    expect((await call("GET", "/v1/connections")).json).toMatchObject({
      detail: expect.stringContaining('the master key "m1" is gone'),
    });
    withMasterKeys(fresh, old);
    expect((await call("GET", "/v1/connections")).status).toBe(200);
    withMasterKeys(fresh);
    await call("POST", "/v1/connections/acme/default/test");
    expect(world.seen.at(-1)?.authorization).toBe(`Bearer ${token}`);
  });
});

describe("consent", () => {
  const application = { fields: { "client-id": "id-1", "client-secret": clientSecret } };

  async function begin() {
    await world.call("POST", "/v1/connections/consenting", application);
    const answer = await world.call("POST", "/v1/connections/consenting/default/authorize");
    const url = new URL(String(Reflect.get(Object(answer.json), "url")));
    world.expectChallenge(url.searchParams.get("code_challenge") ?? "");
    return url;
  }

  const back = (parameters: Record<string, string>, integration = "consenting") =>
    world.call(
      "GET",
      `/v1/oauth/${integration}/callback?${new URLSearchParams(parameters).toString()}`,
      undefined,
      "",
    );

  it("sends people to the vendor and back to us, proven by PKCE, and uses what it was given", async () => {
    const url = await begin();
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: "code",
      client_id: "id-1",
      redirect_uri: "https://hooks.example.org/v1/oauth/consenting/callback",
      scope: "read write",
      code_challenge_method: "S256",
    });
    const state = url.searchParams.get("state") ?? "";
    const answer = await back({ code: "good-code", state });
    expect([answer.status, answer.text]).toEqual([
      200,
      'Consenting is connected as "default". You can close this page.\n',
    ]);
    expect(world.seen.at(-1)?.form.get("redirect_uri")).toBe(url.searchParams.get("redirect_uri"));
    await world.call(
      "POST",
      "/v1/integrations/consenting/actions/get-me",
      {},
      "key-a",
      "consenting",
    );
    expect(world.seen.at(-1)?.authorization).toBe(`Bearer ${canaries.access}`);
    expect((await world.call("GET", "/v1/connections/consenting/default")).json).toMatchObject({
      history: [{ what: "consented", who: "ada" }, { what: "created" }],
    });
    expect(await back({ code: "good-code", state })).toMatchObject({
      status: 400,
      text: expect.stringContaining("was given before"),
    });
  });

  it("refuses a state that is not ours, is old, or came to another address", async () => {
    const state = (await begin()).searchParams.get("state") ?? "";
    const [payload = "", ...signature] = state.split(".");
    const other = Buffer.from(
      Buffer.from(payload, "base64url").toString().replace("tenant-a", "tenant-b"),
    ).toString("base64url");
    for (const bad of ["", "x", payload, `${other}.${signature.join(".")}`, state.slice(0, -2)]) {
      const answer = await back({ code: "good-code", state: bad });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("is not ours")]);
    }
    const wrong = await back({ code: "good-code", state }, "acme");
    expect(wrong.text).toContain("came to the wrong address");
    world.advance(601);
    expect((await back({ code: "good-code", state })).text).toContain("older than ten minutes");
    expect(world.seen).toEqual([]);
  });

  it("says plainly what the vendor said", async () => {
    const state = (await begin()).searchParams.get("state") ?? "";
    const denied = { error: "access_denied", error_description: "<b>The user said no</b>", state };
    const answer = await back(denied);
    expect([answer.status, answer.text]).toEqual([
      400,
      "connections.consent: Consenting gave no access (access_denied: b The user said no /b ); begin again and agree\n",
    ]);
    const again = await world.call("POST", "/v1/connections/consenting/default/authorize");
    const url = new URL(String(Reflect.get(Object(again.json), "url")));
    const bad = await back({ code: "bad-code", state: url.searchParams.get("state") ?? "" });
    expect([bad.status, bad.text]).toEqual([400, expect.stringContaining("invalid_grant")]);
  });

  it("is only for integrations that ask for it, and only with an application", async () => {
    await world.call("POST", "/v1/connections/acme", created);
    expect((await world.call("POST", "/v1/connections/acme/default/authorize")).status).toBe(412);
    expect((await world.call("POST", "/v1/connections/consenting/none/authorize")).status).toBe(
      412,
    );
  });

  it("deletes tokens with their connection", async () => {
    const state = (await begin()).searchParams.get("state") ?? "";
    await back({ code: "good-code", state });
    await world.call("DELETE", "/v1/connections/consenting/default");
    await world.call("POST", "/v1/connections/consenting", application);
    const target = "/v1/integrations/consenting/actions/get-me";
    expect(await world.call("POST", target, {}, "key-a", "consenting")).toMatchObject({
      status: 412,
      json: { code: "failed_precondition", detail: expect.stringContaining("reconnect it") },
    });
  });
});
