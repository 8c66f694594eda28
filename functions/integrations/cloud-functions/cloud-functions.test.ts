import { bindFunction } from "#shared/host";
import { integrationFunction } from "#shared/integration";
import { memoryToken, replayServer, type Replayed, socketPorts } from "#shared/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { quantity } from "./actions/list-revisions.ts";
import { errorOf } from "./client.ts";
import integration from "./index.ts";
import costs from "./fixtures/report-costs.json" with { type: "json" };
import invoked from "./fixtures/invoke-function.json" with { type: "json" };
import split from "./fixtures/split-traffic.json" with { type: "json" };
import updated from "./fixtures/update-service.json" with { type: "json" };
import uploaded from "./fixtures/upload-source.json" with { type: "json" };

const AnyObject = z.record(z.string(), z.unknown());
const vault = "connections/default/cloud-functions/default/";

/** Runs an action against recorded answers; gives its answer and what it asked. */
async function run(
  action: string,
  input: unknown,
  answers: readonly Replayed[],
  config: Readonly<Record<string, string>> = {},
) {
  const server = await replayServer(answers, (name) => name === "x-own");
  const settings = { AUTERITY_BASE_URL_CLOUD_FUNCTIONS: server.url };
  const own = Object.entries({ project: "acme-prod", region: "europe-west1", ...config });
  const ports = socketPorts({
    secrets: Object.fromEntries(own.map(([name, value]) => [vault + name, value])),
    settings,
  });
  const definition = integrationFunction(integration, { subscribers: [] });
  const output = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: `/v1/integrations/cloud-functions/actions/${action}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: JSON.stringify(input),
      clientIp: undefined,
    },
    { id: "gcp-0001", remainingMs: () => 20_000 },
  );
  await server.close();
  return {
    status: output.status,
    body: JSON.parse(String(output.body)) as unknown,
    seen: server.seen,
    called: server.seen.map(({ method, host, path }) => `${method} ${host ?? ""}${path}`),
  };
}

const answersOf = (fixture: { exchanges: readonly { response: object }[] }): Replayed[] =>
  fixture.exchanges.map(({ response }) => response);
/** The body of an answer, to be changed. */
const objectOf = (answer: Replayed | undefined) => AnyObject.parse(answer?.json);
const failed = (status: string, info?: object): unknown => ({
  error: { code: 0, message: "m", status, ...(info === undefined ? {} : { details: [info] }) },
});

const reasonOf = (info: object): string | undefined =>
  errorOf({ status: 403, headers: {}, body: failed("PERMISSION_DENIED", info) })?.reason;

describe("errorOf", () => {
  it.each([
    [409, failed("ABORTED"), "aborted"],
    [409, failed("ALREADY_EXISTS"), "already_exists"],
    [400, failed("FAILED_PRECONDITION"), "failed_precondition"],
    [400, failed("OUT_OF_RANGE"), "invalid_argument"],
    [403, failed("PERMISSION_DENIED"), "permission_denied"],
    [429, failed("RESOURCE_EXHAUSTED"), "resource_exhausted"],
    [500, failed("INTERNAL"), "unavailable"],
    [404, failed("NOT_FOUND"), undefined],
    [200, failed("ABORTED"), undefined],
    [400, failed("constructor"), undefined],
    [403, "<html>", undefined],
    [403, undefined, undefined],
  ])("%d %j", (status, body, code) => {
    expect(errorOf({ status, headers: {}, body })?.code).toBe(code);
  });

  it("says which permission or API is missing", () => {
    const denied = {
      reason: "IAM_PERMISSION_DENIED",
      metadata: { permission: "run.services.get" },
    };
    expect(reasonOf(denied)).toContain("grant run.services.get");
    const disabled = { reason: "SERVICE_DISABLED", metadata: { service: "run.googleapis.com" } };
    expect(reasonOf(disabled)).toContain("enable run.googleapis.com");
    expect(reasonOf({ reason: "RATE_LIMIT_EXCEEDED" })).toBe("RATE_LIMIT_EXCEEDED");
  });
});

describe("a traffic split", () => {
  const [service, patched] = answersOf(split);
  const current = split.output.previous;
  const answers = [service ?? {}, patched ?? {}];

  it("that is there already changes nothing, however it is written", async () => {
    const { body, called } = await run("split-traffic", { id: "shop", split: current }, answers);
    expect(body).toEqual({ changed: false, operation: null, previous: current });
    expect(called).toHaveLength(1);
    const parts = [
      { revision: "shop-00012-xez", percent: 10 },
      { revision: "shop-00011-fip", percent: 40 },
      { revision: "shop-00011-fip", percent: 50 },
    ];
    const again = await run("split-traffic", { id: "shop", split: parts }, answers);
    expect(again.body).toMatchObject({ changed: false });
  });

  it("is written with the caller's etag, so that somebody else's change is not lost", async () => {
    const input = { id: "shop", split: current, etag: '"old"' };
    const refused = { status: 409, json: failed("ABORTED") };
    const lost = await run("split-traffic", input, [service ?? {}, refused, refused, refused]);
    expect(lost).toMatchObject({ status: 503, body: { code: "aborted", origin: "upstream" } });
    expect(lost.seen[1]).toMatchObject({ json: { etag: '"old"' } });
  });

  it("whose answer was lost is found done, and is not done twice", async () => {
    const wanted = { json: { ...objectOf(service), traffic: patchedTraffic() } };
    const refused = { status: 409, json: failed("ABORTED") };
    const lost = [service ?? {}, { status: 503 }, refused, refused, wanted];
    const { body, called } = await run("split-traffic", split.input, lost);
    expect(body).toMatchObject({ changed: true, operation: null });
    expect(called).toHaveLength(5);
    const others = [service ?? {}, refused, refused, refused, service ?? {}];
    expect(await run("split-traffic", split.input, others)).toMatchObject({
      body: { code: "aborted" },
    });
  });

  it.each([
    [[{ revision: null, percent: 99 }]],
    [[{ revision: null, percent: 101 }]],
    [
      [
        { revision: "a", percent: 60 },
        { revision: "b", percent: 60 },
      ],
    ],
    [[{ revision: "../x", percent: 100 }]],
    [[]],
  ])("that is none is refused: %j", async (shares) => {
    const { status, called } = await run("split-traffic", { id: "shop", split: shares }, []);
    expect([status, called]).toEqual([400, []]);
  });
});

function patchedTraffic(): unknown {
  return split.exchanges[1]?.request.json?.traffic;
}

describe("a new revision", () => {
  it("as a candidate leaves the traffic that went to the latest one where it is", async () => {
    const [read, patched] = answersOf(updated);
    const latest = { ...objectOf(read), trafficStatuses: undefined, traffic: [] };
    const { seen } = await run("update-service", updated.input, [{ json: latest }, patched ?? {}]);
    expect(seen[1]?.json).toMatchObject({
      traffic: [
        { type: expect.stringContaining("REVISION"), revision: "shop-00012-xez", percent: 100 },
        { type: expect.stringContaining("LATEST"), percent: 0, tag: "next" },
      ],
    });
  });

  it("keeps variables, secrets and limits that are not named, and takes no used name", async () => {
    const [read, patched] = answersOf(updated);
    const named = objectOf(read);
    const template = { ...AnyObject.parse(named["template"]), revision: "shop-00012-xez" };
    const used = { ...named, template };
    const input = { id: "shop", env: { LOG_LEVEL: "debug" }, cpuAlways: true };
    const { seen } = await run("update-service", input, [{ json: used }, patched ?? {}]);
    expect(seen[1]?.json).not.toHaveProperty("template.revision");
    expect(seen[1]?.json).not.toHaveProperty("traffic");
    const Sent = z.object({ template: z.object({ containers: z.array(z.unknown()) }) });
    expect(Sent.parse(seen[1]?.json).template.containers).toMatchObject([
      {
        env: [
          { name: "LOG_LEVEL", value: "debug" },
          { name: "DB", valueSource: { secretKeyRef: { secret: "shop-db", version: "4" } } },
        ],
        resources: { cpuIdle: false, limits: { cpu: "1", memory: "512Mi" } },
      },
      { name: "otel" },
    ]);
  });

  it.each(["update-service", "update-function"])(
    "%s without a change is refused",
    async (action) => {
      expect(await run(action, { id: "shop" }, [])).toMatchObject({ status: 400, called: [] });
    },
  );
});

describe("a call", () => {
  const [described, token] = answersOf(invoked);
  const before = [described ?? {}, token ?? {}];
  const { invoker } = invoked.config;
  const called = (answers: readonly Replayed[], input: object = {}) =>
    run("invoke-function", { id: "resize", ...input }, answers, { invoker });

  it("with an ID token is sent once, however it fails, and Google's refusals are none of the function's answers", async () => {
    for (const [status, code] of [
      [503, "unavailable"],
      [403, "permission_denied"],
      [429, "resource_exhausted"],
    ] as const) {
      const { body, seen } = await called([...before, { status }]);
      expect(body).toMatchObject({ code, origin: "upstream" });
      expect(seen).toHaveLength(3);
      expect(seen[2]?.headers["authorization"]).toBe("Bearer header.claims.signature");
    }
    const { seen } = await called([
      described ?? {},
      { status: 403, json: failed("PERMISSION_DENIED") },
    ]);
    expect(seen).toHaveLength(2);
  });

  it("gives bytes that are no text as base64", async () => {
    const { body } = await called([...before, { base64: "/9j/4AAQ" }]);
    expect(body).toMatchObject({ status: 200, text: null, base64: "/9j/4AAQ" });
  });

  it("without an invoker carries no token; the connection's own is never sent", async () => {
    const input = { id: "resize", headers: { "x-own": "1" } };
    const answers = [described ?? {}, { text: "hi" }];
    const { body, seen } = await run("invoke-function", input, answers);
    expect(body).toMatchObject({ status: 200, text: "hi" });
    expect(seen[1]?.headers).toMatchObject({ "x-own": "1" });
    expect(seen[1]?.headers).not.toHaveProperty("authorization");
  });

  it.each(["authorization", "host", "content-length", "Bad Name"])(
    "takes no header %s of a caller's",
    async (name) => {
      const input = { id: "resize", headers: { [name]: "x" } };
      expect(await run("invoke-function", input, [])).toMatchObject({ status: 400, called: [] });
    },
  );

  it("follows no address outside of Google's", async () => {
    for (const uri of [
      "https://evil.example",
      "https://a.run.app.evil.example",
      "http://x.a.run.app",
    ]) {
      const json = { name: "projects/p/locations/l/functions/f", serviceConfig: { uri } };
      const { body, seen } = await run("invoke-function", { id: "f" }, [{ json }]);
      expect(body).toMatchObject({ code: "permission_denied", origin: "upstream" });
      expect(seen).toHaveLength(1);
    }
    expect(await run("invoke-function", { id: "f", path: "@evil.example" }, [])).toMatchObject({
      status: 400,
    });
  });

  it("tells what could not be deployed yet", async () => {
    const json = { name: "projects/p/locations/l/functions/f", state: "DEPLOYING" };
    expect(await run("invoke-function", { id: "f" }, [{ json }])).toMatchObject({
      body: { code: "failed_precondition", origin: "caller" },
    });
  });
});

describe("costs", () => {
  const answers = answersOf(costs);

  it("count with the caller's own prices", async () => {
    const prices = { usdPerVcpuSecond: 1, usdPerGibSecond: 0, usdPerMillionRequests: 0 };
    const { body } = await run("report-costs", { ...costs.input, prices }, answers);
    expect(body).toMatchObject({ priceTier: "own", usd: 360_000.5 + 1_728_000 + 199.92 });
  });

  it("are dearer in a region of tier 2", async () => {
    const input = { ...costs.input, location: "europe-west3" };
    const { body } = await run("report-costs", input, answers);
    const usd = expect.closeTo(360_000.5 * 0.0000371 + 1.8, 5);
    const shop = expect.objectContaining({ revision: "shop-00012-xez", usd });
    expect(body).toMatchObject({ priceTier: "tier2", revisions: expect.arrayContaining([shop]) });
  });

  it("are not told of a part for the whole", async () => {
    const page = { json: { timeSeries: [], nextPageToken: "again" } };
    const more = Array.from({ length: 10 }, (_, index) => ({
      json: { ...page.json, nextPageToken: `p${index}` },
    }));
    expect(await run("report-costs", costs.input, [answers[0] ?? {}, ...more])).toMatchObject({
      body: { code: "too_large" },
    });
  });

  it.each([
    ["1", 1],
    ["0.1666", 0.1666],
    ["500m", 0.5],
    ["256Mi", 268_435_456],
    ["1G", 1e9],
    ["", Number.NaN],
    ["1 Gi", Number.NaN],
    ["1Xi", Number.NaN],
    ["1constructor", Number.NaN],
  ])("read the size %j", (written, size) => {
    expect(quantity(written)).toBe(size);
  });
});

describe("an upload", () => {
  it("goes to Cloud Storage and nowhere else, and an address that ended is told", async () => {
    const [place] = answersOf(uploaded);
    const elsewhere = { ...objectOf(place), uploadUrl: "https://evil.example/x.zip" };
    const refused = await run("upload-source", uploaded.input, [{ json: elsewhere }]);
    expect(refused).toMatchObject({ body: { code: "permission_denied" } });
    expect(refused.called).toHaveLength(1);
    const ended = { status: 403, text: "<Error><Code>ExpiredToken</Code></Error>" };
    expect(await run("upload-source", uploaded.input, [place ?? {}, ended])).toMatchObject({
      body: { code: "permission_denied", origin: "upstream" },
    });
  });
});
