import { expect, it } from "vitest";
import { secretsConformance } from "../../shared/secrets/conformance.ts";
import { secretManagerSecrets } from "./drivers/secrets-secret-manager.ts";
import { startGrpcServer } from "./engines/grpc-server.conformance.ts";
import { startSecretManagerFake } from "./engines/secret-manager.conformance.ts";

secretsConformance("secret manager", {
  async open(secrets) {
    const ids = Object.entries(secrets).map(
      ([name, value]) => [name.replaceAll("/", "_"), Buffer.from(value)] as const,
    );
    const fake = await startSecretManagerFake(new Map(ids));
    const driver = secretManagerSecrets(fake.options);
    const close = async (): Promise<void> => {
      await driver.close();
      await fake.stop();
    };
    return { ...driver, close };
  },
});

it("secret manager gives the version that was read, and no text for what is none", async () => {
  const secrets = [
    ["text", Buffer.from("\ufeffcanary")],
    ["bytes", Buffer.of(0xff)],
  ] as const;
  const fake = await startSecretManagerFake(new Map(secrets));
  const driver = secretManagerSecrets(fake.options);
  expect(await driver.read("text", undefined)).toEqual({ value: "\ufeffcanary", version: "7" });
  await expect(driver.read("bytes", undefined)).rejects.toThrow(/not valid/);
  await driver.close();
  await fake.stop();
});

it.each([
  [7, "permission_denied"],
  [9, "failed_precondition"],
  [14, "unavailable"],
])("secret manager is asked once, and status %i is %s", async (status, code) => {
  const server = await startGrpcServer(() => ({ status }));
  const driver = secretManagerSecrets({ project: "p", client: server.client });
  const error = await driver.read("key", undefined).catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe(code);
  expect(server.calls).toHaveLength(1);
  await driver.close();
  await server.stop();
});
