import { afterEach, beforeEach, expect, it } from "vitest";
import { secretsConformance } from "../../shared/secrets/conformance.ts";
import { secretsManager } from "./drivers/secrets-manager.ts";
import {
  type SecretsManagerFake,
  startSecretsManagerFake,
} from "./engines/secrets-manager.conformance.ts";

secretsConformance("Secrets Manager", {
  async open(secrets) {
    const vault = await startSecretsManagerFake();
    for (const [name, value] of Object.entries(secrets)) vault.put(name, value);
    const driver = secretsManager(vault.connection);
    return {
      ...driver,
      async close() {
        await driver.close();
        await vault.stop();
      },
    };
  },
});

let vault: SecretsManagerFake;
beforeEach(async () => void (vault = await startSecretsManagerFake()));
afterEach(() => vault.stop());

it("gives each version its own mark and reads text that was stored as binary", async () => {
  const driver = secretsManager(vault.connection);
  vault.put("token", "first");
  const first = await driver.read("token", undefined);
  vault.put("token", Buffer.from("zweité"));
  const second = await driver.read("token", undefined);
  expect([first?.value, second?.value]).toEqual(["first", "zweité"]);
  expect(first?.version).not.toBe(second?.version);
  await driver.close();
});

it("does not take a secret that waits for its deletion for an absent one", async () => {
  const driver = secretsManager(vault.connection);
  vault.put("token", "value");
  vault.scheduleDeletion("token");
  const error: unknown = await driver.read("token", undefined).catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe("failed_precondition");
  await driver.close();
});
