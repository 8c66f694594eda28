import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { secretsConformance } from "../../../shared/secrets/conformance.ts";
import { setSecret } from "../secrets/edit-secrets.ts";
import {
  defaultSecretVariable,
  isSecretVariable,
  localSecrets,
  secretVariable,
} from "./secrets.ts";

const token = "connections/default/slack/default/token";
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "auterity-secrets-"))));
afterEach(() => rmSync(folder, { recursive: true }));

secretsConformance("encrypted file", {
  async open(secrets) {
    for (const [name, value] of Object.entries(secrets)) setSecret(folder, name, value);
    return localSecrets({}, folder);
  },
});

secretsConformance("environment", {
  open: async (secrets) =>
    localSecrets(
      Object.fromEntries(
        Object.entries(secrets).map(([name, value]) => [secretVariable(name) ?? "", value]),
      ),
      undefined,
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
  const driver = localSecrets({ AUTERITY_SECRET_SLACK_TOKEN: "" }, undefined);
  expect(await driver.read(token, undefined)).toBeUndefined();
});

it("looks into the environment first, then into the file, and last at what was made for want of both", async () => {
  const environment: Record<string, string> = {};
  const driver = localSecrets(environment, folder);
  environment[defaultSecretVariable(token) ?? ""] = "made";
  expect(await driver.read(token, undefined)).toEqual({ value: "made", version: "environment" });
  setSecret(folder, token, "stored");
  expect(await driver.read(token, undefined)).toEqual({ value: "stored", version: "1" });
  environment[secretVariable(token) ?? ""] = "set";
  expect(await driver.read(token, undefined)).toEqual({ value: "set", version: "environment" });
  expect(Object.keys(environment).map(isSecretVariable)).toEqual([true, true]);
  expect(isSecretVariable("AUTERITY_BASE_URL_SLACK")).toBe(false);
});

it("throws for a file that cannot be trusted, rather than take the secret for absent", async () => {
  setSecret(folder, token, "stored");
  writeFileSync(join(folder, "secrets.enc"), "{}\n");
  const driver = localSecrets({}, folder);
  const error: unknown = await driver.read(token, undefined).catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe("failed_precondition");
});
