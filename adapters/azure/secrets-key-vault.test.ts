import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { secretsConformance } from "../../shared/secrets/conformance.ts";
import { keyVaultSecrets, vaultName } from "./drivers/secrets-key-vault.ts";
import { type FakeKeyVault, startKeyVault } from "./engines/key-vault.conformance.ts";

let vault: FakeKeyVault;

beforeAll(async () => {
  vault = await startKeyVault({ "stripe-key": "canary" });
});

afterAll(() => vault.stop());

secretsConformance("Azure Key Vault (a vault on the wire)", {
  async open(secrets) {
    const named = Object.entries(secrets).map(([name, value]) => [vaultName(name), value] as const);
    const own = await startKeyVault(Object.fromEntries(named));
    return { ...keyVaultSecrets({ ...own, emulator: true }), close: () => own.stop() };
  },
});

it.each([
  [401, "Unauthorized", "unauthenticated"],
  [403, "Forbidden", "permission_denied"],
  [429, "Throttled", "resource_exhausted"],
  [500, "InternalServerError", "unavailable"],
  [404, "VaultNotFound", "not_found"],
] as const)("throws for %i %s, and asks once", async (status, code, expected) => {
  const driver = keyVaultSecrets({ ...vault, emulator: true });
  const before = vault.reads();
  vault.refuse(status, code);
  const error: unknown = await driver.read("stripe-key", undefined).catch((thrown) => thrown);
  expect(driver.codeOf(error)).toBe(expected);
  expect(vault.reads() - before).toBe(1);
  expect(JSON.stringify(error)).not.toContain("canary");
  expect(await driver.read("stripe-key", undefined)).toMatchObject({ value: "canary" });
});

it("gives every name one of its own that a vault takes", () => {
  expect(vaultName("connections/default/slack/my-team/token")).toBe(
    "connections--default--slack--my-team--token",
  );
  const name = fc.stringMatching(/^[a01-]{1,3}(\/[a01-]{1,3}){0,3}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 50 }), (names) => {
      const mapped = names.map(vaultName);
      expect(new Set(mapped).size).toBe(names.length);
      for (const each of mapped) expect(each).toMatch(/^[0-9a-z-]{1,127}$/);
    }),
  );
});
