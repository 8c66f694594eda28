import { bindFunction } from "#shared/host";
import { integrationFunction } from "#shared/integration";
import { memoryToken, replayServer, type Replayed, socketPorts } from "#shared/testing";
import { describe, expect, it } from "vitest";
import { errorOf } from "./client.ts";
import integration from "./index.ts";
import routed from "./fixtures/route-function.json" with { type: "json" };
import stream from "./fixtures/invoke-stream.json" with { type: "json" };
import read from "./fixtures/get-function.json" with { type: "json" };

/** Runs an action against recorded answers; gives its answer and what it asked. */
async function run(action: string, input: unknown, answers: readonly Replayed[]) {
  const server = await replayServer(answers);
  const settings = { AUTERITY_BASE_URL_AWS_LAMBDA: server.url };
  const fields = ["access-key-id", "secret-access-key"];
  const secrets = Object.fromEntries(
    fields.map((field) => [`connections/default/aws-lambda/default/${field}`, "k"]),
  );
  const definition = integrationFunction(integration, { subscribers: [] });
  const output = await bindFunction(definition, socketPorts({ secrets, settings }), "test").http(
    {
      method: "POST",
      path: `/v1/integrations/aws-lambda/actions/${action}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: JSON.stringify(input),
      clientIp: undefined,
    },
    { id: "aws-0001", remainingMs: () => 20_000 },
  );
  await server.close();
  return {
    status: output.status,
    body: JSON.parse(String(output.body)) as unknown,
    asked: server.seen.map(({ recorded: { method, path } }) => `${method} ${path}`),
    sent: server.seen.map(({ recorded }) => recorded.json),
    services: server.seen.map(
      ({ headers }) => /\d{8}\/([^/]+\/[^/]+)\/aws4/.exec(headers.authorization ?? "")?.[1],
    ),
  };
}

const refusal = (status: number, name: string, message = ""): Replayed => ({
  status,
  headers: { "x-amzn-errortype": name },
  json: { Type: "User", Message: message },
});

describe("errorOf", () => {
  const conflict = "The operation cannot be performed at this time. An update is in progress.";
  it.each([
    [200, "", {}, undefined],
    [200, "", { __type: "ResourceNotFoundException" }, undefined],
    [404, "ResourceNotFoundException", {}, "not_found"],
    [404, "ResourceNotFoundException:http://internal.amazon.com/coral/x/", {}, "not_found"],
    [400, "", { __type: "com.amazon.coral.service#ThrottlingException" }, "resource_exhausted"],
    [429, "TooManyRequestsException", {}, "resource_exhausted"],
    [409, "ResourceConflictException", { Message: "Function already exist: a" }, "already_exists"],
    [
      409,
      "ConflictException",
      { message: "Route with key GET /a already exists" },
      "already_exists",
    ],
    [409, "ResourceConflictException", { Message: conflict }, "failed_precondition"],
    [412, "PreconditionFailedException", {}, "failed_precondition"],
    [403, "UnrecognizedClientException", {}, "unauthenticated"],
    [403, "AccessDeniedException", {}, "permission_denied"],
    [502, "InvalidZipFileException", {}, "failed_precondition"],
    [500, "ServiceException", {}, "unavailable"],
    [400, "constructor", {}, "invalid_argument"],
    [418, "", "tea", undefined],
  ])("%i %s %j", (status, name, body, code) => {
    const headers: Record<string, string> = name === "" ? {} : { "x-amzn-errortype": name };
    expect(errorOf({ status, headers, body })?.code).toBe(code);
  });

  it("says what to do", async () => {
    const answer = refusal(409, "ResourceConflictException", conflict);
    const { body } = await run("publish-version", { functionName: "a" }, [answer]);
    expect(body).toMatchObject({ detail: expect.stringContaining("await-function, then again") });
  });
});

describe("requests", () => {
  it("are signed for the service that they go to", async () => {
    const metrics = { json: { MetricDataResults: [] } };
    const [one] = read.exchanges.map(({ response }) => response);
    const answers = one === undefined ? [] : [one, metrics];
    expect((await run("report-cost", { functionName: "thumbnails" }, answers)).services).toEqual([
      "eu-west-1/lambda",
      "eu-west-1/monitoring",
    ]);
    const { services } = await run("list-apis", {}, [{ json: { items: [] } }]);
    expect(services).toEqual(["eu-west-1/apigateway"]);
  });

  it("that ask for what cannot be are not sent", async () => {
    const role = "arn:aws:iam::123456789012:role/r";
    const code = { zip: "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==" };
    for (const [action, input] of [
      ["create-function", { name: "a", role, code }],
      ["create-function", { name: "a/b", role, code, runtime: "nodejs22.x", handler: "i.h" }],
      ["update-code", { functionName: "a", code: { files: [{ path: "../a", text: "" }] } }],
      ["update-code", { functionName: "a", code: { files: [{ path: "a/..", text: "" }] } }],
      ["update-code", { functionName: "a", code: { files: [{ path: "/a", text: "" }] } }],
      ["shift-alias", { functionName: "a", alias: "live", to: "5", weight: 1.1 }],
      ["shift-alias", { functionName: "a", alias: "4", to: "5", weight: 0.1 }],
      ["create-route", { apiId: "a1", routeKey: "FETCH /", integrationId: "b2" }],
      ["provision-concurrency", { functionName: "a", qualifier: "$LATEST", concurrency: 1 }],
    ] as const) {
      expect(await run(action, input, [])).toMatchObject({ status: 400, asked: [] });
    }
  });
});

/** An alias as Lambda tells it. */
const alias = (version: string, weights: Record<string, number>, revision = "r1") => ({
  json: {
    Name: "live",
    AliasArn: "arn:aws:lambda:eu-west-1:123456789012:function:f:live",
    FunctionVersion: version,
    RoutingConfig: { AdditionalVersionWeights: weights },
    RevisionId: revision,
  },
});

describe("shift-alias", () => {
  const input = { functionName: "f", alias: "live", to: "5" };
  const changed = refusal(412, "PreconditionFailedException");

  it.each([
    ["a part", 0.25, alias("4", {}), "4", { "5": 0.25 }],
    ["more", 0.5, alias("4", { "5": 0.25 }), "4", { "5": 0.5 }],
    ["all", 1, alias("4", { "5": 0.5 }), "5", {}],
    ["nothing", 0, alias("4", { "5": 0.5 }), "4", {}],
  ])("gives %s", async (_, weight, now, version, weights) => {
    const { status, sent } = await run("shift-alias", { ...input, weight }, [now, alias("4", {})]);
    expect([status, sent[1]]).toEqual([
      200,
      {
        FunctionVersion: version,
        RoutingConfig: { AdditionalVersionWeights: weights },
        RevisionId: "r1",
      },
    ]);
  });

  it("asks nothing where all is so already", async () => {
    const { status, asked } = await run("shift-alias", { ...input, weight: 1 }, [alias("5", {})]);
    expect([status, asked.length]).toEqual([200, 1]);
  });

  it("refuses for another's change, and not for its own that it did not hear of", async () => {
    const [before, others] = [alias("4", {}), alias("4", { "6": 0.1 }, "r2")];
    const late = await run("shift-alias", { ...input, weight: 0.1 }, [before, changed, others]);
    expect(late).toMatchObject({ status: 502, body: { code: "failed_precondition" } });
    const own = [before, { status: 503 }, changed, alias("4", { "5": 0.1 }, "r2")];
    expect(await run("shift-alias", { ...input, weight: 0.1 }, own)).toMatchObject({
      status: 200,
      body: { canary: { version: "5", weight: 0.1 }, revisionId: "r2" },
    });
  });

  it("holds to the revision that its caller knows", async () => {
    const given = { ...input, weight: 1, revisionId: "r0" };
    const { body, sent } = await run("shift-alias", given, [
      alias("5", {}),
      changed,
      alias("5", {}),
    ]);
    expect(sent[1]).toMatchObject({ RevisionId: "r0" });
    expect(body).toMatchObject({ code: "failed_precondition" });
  });
});

describe("invocations", () => {
  const input = { functionName: "f" };

  it("tell what the function threw as its answer, and other text as it is", async () => {
    const thrown = { errorMessage: "no", errorType: "Error" };
    const headers = { "x-amz-function-error": "Unhandled" };
    expect(await run("invoke-function", input, [{ headers, json: thrown }])).toMatchObject({
      body: { payload: thrown, error: "Unhandled", log: null },
    });
    expect(await run("invoke-function", input, [{ text: "plain" }])).toMatchObject({
      body: { payload: "plain", error: null },
    });
  });

  const bytes = Buffer.from(stream.exchanges[0]?.response.base64 ?? "", "base64");
  it("that break off within a stream do not look whole", async () => {
    const parts = bytes.subarray(0, bytes.readUInt32BE(0));
    const [cut, half] = [{ base64: parts.toString("base64") }, bytes.subarray(0, 40)];
    for (const answer of [cut, { base64: half.toString("base64") }]) {
      const { status, body } = await run("invoke-stream", input, [answer]);
      expect([status, body]).toEqual([
        503,
        expect.objectContaining({ details: expect.objectContaining({ outcome: "unknown" }) }),
      ]);
    }
  });
});

describe("await-function", () => {
  const answers = read.exchanges.map(({ response: { json } }) => json);
  it("looks until nothing is under way", async () => {
    const now = [{ State: "Pending" }, { LastUpdateStatus: "InProgress" }, {}].map((state) => ({
      json: { ...answers[0], ...state },
    }));
    const { body, asked } = await run("await-function", { functionName: "f" }, now);
    expect(body).toMatchObject({ done: true, function: { state: "Active" } });
    expect(asked).toHaveLength(3);
  });
});

describe("route-function", () => {
  const answers = routed.exchanges.map(({ response }) => response);
  const [permitted, integrations, made, route] = answers;
  const functionArn = routed.input.functionArn;
  if (!permitted || !integrations || !made || !route) throw new Error("a fixture is cut");

  it("goes on where it stopped: with the permission and the integration that are there", async () => {
    const there = {
      integrationId: "abc123",
      integrationType: "AWS_PROXY",
      integrationUri: functionArn,
    };
    const taken = refusal(409, "ResourceConflictException", "The statement id already exists");
    const { status, asked } = await run("route-function", routed.input, [
      taken,
      { json: { items: [there] } },
      route,
    ]);
    expect([status, asked.filter((one) => one.startsWith("POST /v2"))]).toEqual([
      200,
      ["POST /v2/apis/a1b2c3d4e5/routes"],
    ]);
  });

  it("that stops half-way says that something was done", async () => {
    const failed = refusal(403, "AccessDeniedException");
    expect(
      await run("route-function", routed.input, [permitted, integrations, failed]),
    ).toMatchObject({
      status: 502,
      body: { code: "permission_denied", details: { outcome: "unknown" } },
    });
  });

  it.each([
    ["GET /things/{id}", "*/GET/things/*"],
    ["ANY /files/{path+}", "*/*/files/*"],
    ["$default", "*/*/*"],
  ])("lets %s invoke it, and nothing else", async (routeKey, resource) => {
    const { sent } = await run("route-function", { ...routed.input, routeKey }, answers);
    expect(sent[0]).toMatchObject({
      SourceArn: `arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/${resource}`,
    });
  });
});

describe("report-cost", () => {
  it("takes other prices, and none where nothing ran", async () => {
    const [one] = read.exchanges.map(({ response }) => response);
    const prices = {
      asOf: "2026-11-01",
      usdPerMillionRequests: 1,
      usdPerGbSecondX86: 9,
      usdPerGbSecondArm: 0.001,
    };
    const measured = {
      json: {
        MetricDataResults: [
          { Id: "i0", Values: [500_000] },
          { Id: "d0", Values: [2e6] },
        ],
      },
    };
    const input = { functionName: "thumbnails", prices };
    const { body, sent } = await run("report-cost", input, one ? [one, measured] : []);
    // 2,000 s of 512 MB are 1,000 GB-s.
    expect(body).toMatchObject({
      prices,
      total: { invocations: 500_000, gbSeconds: 1_000, usd: 1.5 },
    });
    expect(sent[1]).toMatchObject({ StartTime: Date.UTC(2025, 11, 26) / 1_000 });
    const idle = await run(
      "report-cost",
      input,
      one ? [one, { json: { MetricDataResults: [] } }] : [],
    );
    expect(idle.body).toMatchObject({ functions: [{ averageMs: 0, peakConcurrency: 0, usd: 0 }] });
  });
});

describe("concurrency", () => {
  it("is given back by null", async () => {
    const [gone, input] = [{ status: 204 }, { functionName: "f", concurrency: null }];
    expect(await run("reserve-concurrency", input, [gone])).toMatchObject({
      body: { reserved: null },
      asked: [expect.stringMatching(/^DELETE /)],
    });
    const provisioned = { ...input, qualifier: "live" };
    expect(await run("provision-concurrency", provisioned, [gone])).toMatchObject({
      body: { status: "NONE" },
      asked: [expect.stringMatching(/^DELETE /)],
    });
  });
});

it("holds an open URL's invocations to the URL", async () => {
  const input = {
    functionName: "f",
    statementId: "url-invoke",
    action: "lambda:InvokeFunction",
    principal: "*",
    invokedViaFunctionUrl: true,
  };
  const { sent } = await run("add-permission", input, [{ status: 201, json: { Statement: "{}" } }]);
  expect(sent[0]).toMatchObject({ Principal: "*", InvokedViaFunctionUrl: true });
});
