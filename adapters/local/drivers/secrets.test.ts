import { expect, it } from "vitest";
import { secretsConformance } from "../../../shared/secrets/conformance.ts";
import { localSecrets, secretVariable } from "./secrets.ts";

secretsConformance("environment", {
  open: async (secrets) =>
    localSecrets(
      Object.fromEntries(
        Object.entries(secrets).map(([name, value]) => [secretVariable(name) ?? "", value]),
      ),
    ),
});

it("reads a connection's field from the variable the catalogue names", () => {
  const variables: Record<string, string | undefined> = {
    "connections/default/github-actions/default/webhook-secret":
      "AUTERITY_SECRET_GITHUB_ACTIONS_WEBHOOK_SECRET",
    "connections/default/slack/default/token": "AUTERITY_SECRET_SLACK_TOKEN",
    "connections/acme/slack/default/token": undefined,
    "connections/default/slack/other/token": undefined,
    "connections/default/slack/default": undefined,
    "connections/default/slack/default/a/b": undefined,
    "stripe-key": "AUTERITY_SECRET_STRIPE_KEY",
    "billing/key": "AUTERITY_SECRET_BILLING_KEY",
  };
  for (const [name, variable] of Object.entries(variables)) {
    expect(secretVariable(name)).toBe(variable);
  }
});

it("takes an empty variable for no secret", async () => {
  const driver = localSecrets({ AUTERITY_SECRET_SLACK_TOKEN: "" });
  const name = "connections/default/slack/default/token";
  expect(await driver.read(name, undefined)).toBeUndefined();
});
