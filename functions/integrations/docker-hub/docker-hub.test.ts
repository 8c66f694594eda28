import { createHash } from "node:crypto";
import { MASTER_KEY, renderMasterKey } from "#shared/connections";
import { bindFunction } from "#shared/host";
import { Fixture, integrationFunction } from "#shared/integration";
import { memoryToken, replayServer, type Replayed, socketPorts } from "#shared/testing";
import { describe, expect, it } from "vitest";
import { errorOf } from "./client.ts";
import copy from "./fixtures/copy-image.json" with { type: "json" };
import getTag from "./fixtures/get-tag.json" with { type: "json" };
import promote from "./fixtures/promote-image.json" with { type: "json" };
import verify from "./fixtures/verify-image.json" with { type: "json" };
import integration from "./index.ts";

/** Runs an action against answers in order; gives what it answers and what was asked, with which proof. */
async function run(action: string, input: unknown, answers: readonly Replayed[]) {
  const server = await replayServer(answers);
  const of = "connections/default/docker-hub/default";
  const ports = socketPorts({
    secrets: {
      [`${of}/token`]: "dckr_pat_1",
      [`${of}/username`]: "acme",
      [MASTER_KEY]: renderMasterKey("1", new Uint8Array(32)),
    },
    settings: {
      AUTERITY_BASE_URL_DOCKER_HUB: server.url,
      AUTERITY_AUTH_URL_DOCKER_HUB: server.url,
    },
  });
  const definition = integrationFunction(integration, { subscribers: [] });
  const output = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: `/v1/integrations/docker-hub/actions/${action}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: JSON.stringify(input),
      clientIp: undefined,
    },
    { id: "docker-0001", remainingMs: () => 20_000 },
  );
  await server.close();
  return {
    status: output.status,
    body: JSON.parse(String(output.body)) as unknown,
    asked: server.seen.map(({ method, path }) => `${method} ${path}`),
    proofs: server.seen.map(({ host, headers }) => [host, headers.authorization]),
  };
}

const OCI = "application/vnd.oci.image.manifest.v1+json";
const token: Replayed = { json: { token: "registry-token-1" } };
const gone: Replayed = { status: 404, json: { errors: [{ code: "MANIFEST_UNKNOWN" }] } };
const answersOf = (fixture: unknown): Replayed[] =>
  Fixture.parse(fixture).exchanges.map(({ response }) => response);

function digestOf(value: unknown): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`;
}

function partOf(value: unknown, mediaType = "application/vnd.in-toto+json") {
  return { mediaType, digest: digestOf(value), size: JSON.stringify(value).length };
}

function imageOf(config: unknown, layers: readonly unknown[] = []) {
  return { schemaVersion: 2, mediaType: OCI, config: partOf(config), layers };
}

function manifest(json: unknown): Replayed {
  return { json, headers: { "content-type": OCI } };
}

const input = { repository: "acme/app", reference: "1.4.0" };
const upstream = { status: 502, body: { code: "internal", origin: "upstream" } };

const registry = (code: string) => ({ errors: [{ code, message: "-" }] });

describe("errorOf", () => {
  const scope = { "www-authenticate": 'Bearer realm="x",error="insufficient_scope"' };

  it.each([
    [200, {}, {}, undefined],
    [404, {}, registry("MANIFEST_UNKNOWN"), undefined],
    [503, {}, registry("UNKNOWN"), undefined],
    [401, {}, registry("UNAUTHORIZED"), undefined],
    [401, scope, registry("UNAUTHORIZED"), "permission_denied"],
    [403, {}, registry("DENIED"), "permission_denied"],
    [403, {}, { message: "access denied", errinfo: {} }, "permission_denied"],
    [405, {}, registry("UNSUPPORTED"), "unimplemented"],
    [409, {}, { detail: "group exists" }, "already_exists"],
    [400, {}, registry("MANIFEST_BLOB_UNKNOWN"), "failed_precondition"],
    [400, {}, registry("constructor"), "invalid_argument"],
    [400, {}, undefined, "invalid_argument"],
    [429, {}, registry("TOOMANYREQUESTS"), "resource_exhausted"],
  ])("%i %j %j is %s", (status, headers, body, code) => {
    expect(errorOf({ status, headers, body })?.code).toBe(code);
  });

  it("reads when a limit ends against Docker Hub's own clock", () => {
    const headers = { date: "Fri, 20 Nov 2026 12:00:00 GMT", "x-retry-after": "1795176030" };
    expect(errorOf({ status: 429, headers, body: {} })?.retryAfterMs).toBe(30_000);
    expect(errorOf({ status: 429, headers: {}, body: {} })?.retryAfterMs).toBeUndefined();
  });
});

describe("credentials", () => {
  it("go to the token service alone, its token to the registry, and none to where blobs are", async () => {
    const { status, proofs } = await run("verify-image", verify.input, answersOf(verify));
    const basic = `Basic ${Buffer.from("acme:dckr_pat_1").toString("base64")}`;
    expect([status, proofs]).toEqual([
      200,
      [
        ["auth.docker.io", basic],
        ["registry-1.docker.io", "Bearer registry-token-1"],
        ["registry-1.docker.io", "Bearer registry-token-1"],
        ["registry-1.docker.io", "Bearer registry-token-1"],
        ["production.cloudflare.docker.com", undefined],
      ],
    ]);
  });

  it("are exchanged for a token of Docker Hub's own API", async () => {
    const issued = { json: { access_token: "hub-token-1" } };
    const answers = [issued, ...answersOf(getTag)];
    const { status, asked, proofs } = await run("get-tag", getTag.input, answers);
    expect([status, asked[0]]).toEqual([200, "POST /v2/auth/token"]);
    expect(proofs).toEqual([
      [undefined, undefined],
      [undefined, "Bearer hub-token-1"],
    ]);
  });

  it("are not looked for in a trigger's address, which is Docker Hub's", async () => {
    for (const url of [
      "https://evil.example/api/build/v1/source/a/trigger/b/call/",
      "https://hub.docker.com/v2/access-tokens",
    ]) {
      const { status, asked } = await run("trigger-build", { url }, []);
      expect([status >= 400, asked]).toEqual([true, []]);
    }
  });
});

describe("content", () => {
  const [first = token, index = gone, signatures = gone, moved = gone] = answersOf(verify);

  it("of another digest is not used", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const other = { ...verify.input, reference: digest };
    expect(
      await run("get-manifest", { ...input, reference: digest }, [token, index]),
    ).toMatchObject(upstream);
    expect(await run("verify-image", other, [token, index])).toMatchObject(upstream);
    const altered = { text: "{}" };
    const answers = [first, index, signatures, moved, altered];
    expect(await run("verify-image", verify.input, answers)).toMatchObject(upstream);
  });

  it("is not fetched from elsewhere", async () => {
    const location = "https://evil.example/blob";
    const answers = [first, index, signatures, { status: 307, headers: { location } }];
    expect(await run("verify-image", verify.input, answers)).toMatchObject({
      body: { code: "permission_denied", origin: "upstream" },
    });
  });

  it("that reads in two ways is refused", async () => {
    const both = { ...imageOf({}), manifests: [] };
    expect(await run("get-manifest", input, [token, manifest(both)])).toMatchObject(upstream);
    const mislabelled = { json: imageOf({}), headers: { "content-type": "application/json" } };
    expect(await run("get-manifest", input, [token, mislabelled])).toMatchObject(upstream);
  });
});

describe("a copy", () => {
  const answers = answersOf(copy);

  it("puts the tag when all that it names is there", async () => {
    const { asked } = await run("copy-image", copy.input, answers);
    expect(asked.at(-1)).toBe("PUT /v2/acme/app-prod/manifests/1.4.0");
    expect(asked.filter((one) => one.endsWith("/1.4.0"))).toEqual([
      "GET /v2/acme/app/manifests/1.4.0",
      "PUT /v2/acme/app-prod/manifests/1.4.0",
    ]);
  });

  it("that stops half-way has put no tag, and ends when it is asked again", async () => {
    const refused = { status: 403, json: { errors: [{ code: "DENIED" }] } };
    const stopped = await run("copy-image", copy.input, [...answers.slice(0, 9), refused]);
    expect(stopped).toMatchObject({ status: 502, body: { code: "permission_denied" } });
    expect(stopped.asked).not.toContain("PUT /v2/acme/app-prod/manifests/1.4.0");
    const again = await run("copy-image", copy.input, answers);
    expect([again.status, again.body]).toEqual([200, copy.output]);
  });

  it("says so where the registry wants a blob to be sent", async () => {
    const upload = { status: 202, headers: { location: "/v2/acme/app-prod/blobs/uploads/1" } };
    const answered = await run("copy-image", copy.input, [...answers.slice(0, 3), upload]);
    expect(answered.body).toMatchObject({ code: "failed_precondition", origin: "upstream" });
  });

  it("leaves out what is not the registry's, and signatures there are not", async () => {
    const image = imageOf({}, [{ ...partOf("foreign"), urls: ["https://other.example/layer"] }]);
    const { body, asked } = await run("copy-image", copy.input, [
      token,
      manifest(image),
      gone,
      { status: 201 },
      { status: 201 },
    ]);
    expect(body).toEqual({ digest: digestOf(image), manifests: 1, blobs: 1, signatures: false });
    expect(asked.filter((one) => one.startsWith("POST"))).toHaveLength(1);
  });
});

describe("a promotion", () => {
  it("that the policy denies writes nothing", async () => {
    const answers = [...answersOf(promote).slice(0, 2), gone];
    const { status, body, asked } = await run("promote-image", promote.input, answers);
    const denied = { code: "failed_precondition", details: { reasons: "unsigned" } };
    expect([status, body]).toEqual([expect.any(Number), expect.objectContaining(denied)]);
    expect(asked.filter((one) => !one.startsWith("GET"))).toEqual([]);
  });
});

describe("an image's age", () => {
  const old = { created: "2020-01-01T00:00:00Z" };
  const policy = { ...verify.input.policy, denyUnsigned: false, maxAgeDays: 1 };

  it.each([
    [old, { reasons: ["too_old"], createdAt: "2020-01-01T00:00:00.000Z" }],
    [{}, { reasons: ["age_unknown"], createdAt: null }],
  ])("is what its configuration says: %j", async (config, verdict) => {
    const answers = [token, manifest(imageOf(config)), gone, { json: config }];
    const { body } = await run("verify-image", { ...input, policy }, answers);
    expect(body).toMatchObject({ trusted: false, ...verdict });
  });
});

describe("scans", () => {
  const image = imageOf({});
  const predicateType = "https://in-toto.io/attestation/vulns/v0.2";
  const annotations = { "in-toto.io/predicate-type": predicateType };
  const statement = (sha256: string) => ({
    subject: [{ digest: { sha256 } }],
    predicateType,
    predicate: { scanner: { uri: "s", result: [{ id: "CVE-1" }] } },
  });
  const read = (content: unknown, type?: string) => {
    const attached = imageOf({ of: "attached" }, [{ ...partOf(content, type), annotations }]);
    const referrers = { schemaVersion: 2, manifests: [partOf(attached, OCI)] };
    const list = { json: referrers, headers: { "content-type": "application/x" } };
    const answers = [token, manifest(image), list, manifest(attached), { json: content }];
    return run("read-vulnerabilities", input, answers);
  };
  const hex = digestOf(image).slice("sha256:".length);

  it("that nobody made are not the same as no vulnerabilities", async () => {
    const { body } = await run("read-vulnerabilities", input, [token, manifest(image), gone]);
    expect(body).toMatchObject({ scanned: false, vulnerabilities: [], unread: [] });
  });

  it("are read from envelopes, too", async () => {
    const payload = Buffer.from(JSON.stringify(statement(hex))).toString("base64");
    const { body } = await read({ payload }, "application/vnd.dsse.envelope.v1+json");
    expect(body).toMatchObject({ scanned: true, vulnerabilities: [{ id: "CVE-1" }] });
  });

  it("of another image are not this one's", async () => {
    const { body } = await read(statement("0".repeat(64)));
    expect(body).toMatchObject({ scanned: false, vulnerabilities: [], unread: [predicateType] });
  });
});
