import type { ActionCall } from "#shared/function";
import { memorySecrets } from "#shared/secrets";
import { listen, memoryPorts } from "#shared/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deployedActions } from "./deployed-actions.ts";

let server: Awaited<ReturnType<typeof listen>>;
let seen: { readonly url: string | undefined; readonly authorization: string | undefined };
beforeAll(async () => {
  server = await listen((request, response) => {
    seen = { url: request.url, authorization: request.headers.authorization };
    response.writeHead(200).end("{}");
  });
});
afterAll(() => server.close());

const secrets = memorySecrets({ "action-tokens/acme": "key-of-acme" });
const call: ActionCall = {
  action: "slack.post-message",
  connection: "default",
  input: {},
  tenant: "acme",
  idempotencyKey: undefined,
  traceparent: "00-a-b-01",
  event: undefined,
};

function driver(settings: Readonly<Record<string, string>>) {
  return deployedActions(settings, { ...memoryPorts(), secrets }, "aws");
}

it("calls an integration at its own address or the common one, with the tenant's key", async () => {
  const elsewhere = "http://127.0.0.1:1";
  const own = { AUTERITY_ACTIONS_URL: elsewhere, AUTERITY_ACTIONS_URL_SLACK: server.url };
  for (const settings of [own, { AUTERITY_ACTIONS_URL: server.url }]) {
    seen = { url: undefined, authorization: undefined };
    await driver(settings).call(call, undefined);
    expect(seen).toEqual({
      url: "/v1/integrations/slack/actions/post-message",
      authorization: "Bearer key-of-acme",
    });
  }
});

it("says what is missing: the address, or the key of the tenant", async () => {
  const nowhere = driver({}).call(call, undefined);
  await expect(nowhere).rejects.toThrow(/AUTERITY_ACTIONS_URL is not set/);
  for (const tenant of ["other", "../acme", ""]) {
    const calling = driver({ AUTERITY_ACTIONS_URL: server.url }).call(
      { ...call, tenant },
      undefined,
    );
    await expect(calling).rejects.toMatchObject({ code: "failed_precondition" });
  }
});
