import { bindFunction } from "#shared/host";
import { integrationFunction } from "#shared/integration";
import { memoryToken, replayServer, type Replayed, socketPorts } from "#shared/testing";
import { describe, expect, it } from "vitest";
import { errorOf } from "./client.ts";
import integration from "./index.ts";
import open from "./fixtures/open-incident.json" with { type: "json" };

const field = "connections/default/slack/default/token";

/** Runs an action against recorded answers; gives its answer and which methods it called. */
async function run(action: string, input: unknown, answers: readonly Replayed[]) {
  const server = await replayServer(answers);
  const settings = { AUTERITY_BASE_URL_SLACK: server.url };
  const ports = socketPorts({ secrets: { [field]: "t" }, settings });
  const definition = integrationFunction(integration, { subscribers: [] });
  const output = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: `/v1/integrations/slack/actions/${action}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: JSON.stringify(input),
      clientIp: undefined,
    },
    { id: "slack-0001", remainingMs: () => 20_000 },
  );
  await server.close();
  return {
    status: output.status,
    body: JSON.parse(String(output.body)) as unknown,
    called: server.seen.map(({ path }) => path),
  };
}

describe("errorOf", () => {
  it.each([
    [{ ok: true }, undefined],
    [{ ok: false, error: "already_in_channel" }, undefined],
    [{ ok: false, error: "channel_not_found" }, "not_found"],
    [{ ok: false, error: "ratelimited" }, "resource_exhausted"],
    [{ ok: false, error: "token_revoked" }, "unauthenticated"],
    [{ ok: false, error: "missing_scope" }, "permission_denied"],
    [{ ok: false, error: "expired_trigger_id" }, "failed_precondition"],
    [{ ok: false, error: "hash_conflict" }, "aborted"],
    [{ ok: false, error: "name_taken" }, "already_exists"],
    [{ ok: false, error: "invalid_blocks" }, "invalid_argument"],
    [{ ok: false, error: "constructor" }, "invalid_argument"],
    ["ok", undefined],
    [undefined, undefined],
  ])("%j", (body, code) => {
    expect(errorOf({ status: 200, headers: {}, body })?.code).toBe(code);
  });
});

describe("an incident", () => {
  const answers = open.exchanges.map(({ response }) => ({ status: 200, json: response.json }));

  it("goes on in the channel that is there", async () => {
    const input = { ...open.input, channel: "C0INC12345" };
    const { status, called } = await run("open-incident", input, answers.slice(1));
    expect([status, called[0]]).toEqual([200, "/conversations.invite"]);
  });

  it("that stops half-way says that something was done", async () => {
    const failed = { status: 200, json: { ok: false, error: "cant_invite" } };
    const outcome = await run("open-incident", open.input, [...answers.slice(0, 1), failed]);
    expect(outcome).toMatchObject({
      status: 502,
      body: { code: "permission_denied", origin: "upstream", details: { outcome: "unknown" } },
      called: ["/conversations.create", "/conversations.invite"],
    });
  });
});

describe("addresses that Slack gives out", () => {
  it("for uploads are not followed elsewhere", async () => {
    const upload = { ok: true, upload_url: "https://evil.example/upload", file_id: "F123ABC456" };
    const input = { filename: "a.txt", base64: "aGVsbG8K" };
    expect(await run("upload-file", input, [{ status: 200, json: upload }])).toMatchObject({
      body: { code: "permission_denied", origin: "upstream" },
      called: ["/files.getUploadURLExternal"],
    });
  });

  it.each([
    ["post-webhook", { url: "https://evil.example/services/T/B/x", text: "hi" }],
    ["post-webhook", { url: "https://hooks.slack.com.evil.example/services/T/B/x", text: "hi" }],
    ["reply-interaction", { responseUrl: "http://hooks.slack.com/actions/T/1/x", text: "hi" }],
  ])("for messages are Slack's: %s %j", async (action, input) => {
    expect(await run(action, input, [])).toMatchObject({ status: 400, called: [] });
  });
});
