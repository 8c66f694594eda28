import { errorOf } from "./client.ts";
import examples from "@octokit/webhooks-examples";
import { bindFunction } from "#shared/host";
import { integrationFunction } from "#shared/integration";
import { memoryPorts } from "#shared/testing";
import { signWebhook } from "#shared/webhooks";
import { describe, expect, it } from "vitest";
import integration from "./index.ts";

const secret = "It's a Secret to Everybody";
const encoder = new TextEncoder();

describe("every webhook that GitHub documents", () => {
  const ports = memoryPorts({
    secrets: { "connections/default/github-actions/default/webhook-secret": secret },
  });
  const bound = bindFunction(integrationFunction(integration, { subscribers: [] }), ports, "test");

  it.each(examples.map(({ name, examples: payloads }) => [name, payloads] as const))(
    "%s is accepted and has the declared shape",
    async (name, payloads) => {
      for (const [index, payload] of payloads.entries()) {
        const body = JSON.stringify(payload);
        const delivery = `${name}-${index}`;
        const verify = integration.webhooks?.verify;
        if (verify === undefined) throw new Error("no webhooks");
        const { headers } = signWebhook(
          verify,
          {
            body: encoder.encode(body),
            nowMs: ports.clock.now(),
            headers: { "x-github-event": name, "x-github-delivery": delivery },
          },
          secret,
        );
        const output = await bound.http(
          {
            method: "POST",
            path: "/v1/webhooks/github-actions/default",
            query: "",
            headers,
            body,
            clientIp: undefined,
          },
          { id: "github-1", remainingMs: () => 20_000 },
        );
        expect([output.status, output.body]).toEqual([202, JSON.stringify({ id: delivery })]);
      }
      expect(ports.telemetry.logs).toEqual([]);
    },
  );
});

describe("errorOf", () => {
  const limited = {
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "1763726460",
    date: "Fri, 21 Nov 2025 12:00:00 GMT",
  };

  it.each([
    [403, limited, { code: "resource_exhausted", reason: "no more", retryAfterMs: 60_000 }],
    [429, limited, { code: "resource_exhausted", reason: "no more", retryAfterMs: 60_000 }],
    [403, { "retry-after": "60" }, { code: "resource_exhausted", reason: "no more" }],
    [403, { "x-ratelimit-remaining": "12" }, undefined],
    [403, {}, undefined],
    [404, limited, undefined],
    [409, {}, { code: "failed_precondition", reason: "no more" }],
    [
      403,
      { "x-accepted-github-permissions": "actions=write" },
      { code: "permission_denied", reason: "no more: give it actions=write" },
    ],
  ])("%i with %j", (status, headers, expected) => {
    expect(errorOf({ status, headers, body: { message: "no more" } })).toEqual(expected);
  });

  it("waits a minute after a secondary limit that names no time", () => {
    const body = { message: "You have exceeded a secondary rate limit. Please wait" };
    expect(errorOf({ status: 403, headers: {}, body })).toMatchObject({
      code: "resource_exhausted",
      retryAfterMs: 6e4,
    });
  });

  it.each([
    [[{ code: "invalid", field: "ref" }], "invalid_argument", "Validation Failed, ref invalid"],
    [[{ code: "already_exists" }], "already_exists", "Validation Failed, already_exists"],
    [["no such ref"], "invalid_argument", "Validation Failed, no such ref"],
    ["other", "invalid_argument", "Validation Failed"],
  ])("reads what is wrong from %j", (errors, code, reason) => {
    const body = { message: "Validation Failed", errors };
    expect(errorOf({ status: 422, headers: {}, body })).toEqual({ code, reason });
  });
});
