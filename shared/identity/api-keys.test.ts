import { createHash } from "node:crypto";
import { memorySecrets } from "#shared/secrets";
import { memoryPorts } from "#shared/testing";
import { expect, it } from "vitest";
import { apiKeyIdentity } from "./api-keys.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const ada = { tenant: "acme", subject: "ada" };
const keys = { [sha256("a-long-key")]: ada };

function driver(secret?: string) {
  const secrets = memorySecrets(secret === undefined ? {} : { "api-keys": secret });
  return apiKeyIdentity({ ...memoryPorts(), secrets });
}

it("knows a key by its digest, and no other text", async () => {
  const known = driver(JSON.stringify(keys));
  expect(await known.identify("a-long-key")).toEqual(ada);
  for (const wrong of ["", "a-long-kez", sha256("a-long-key"), "__proto__"]) {
    expect(await known.identify(wrong)).toBeUndefined();
  }
});

it("lets nobody in where the secret is missing or malformed, and does not repeat its content", async () => {
  const contents = [undefined, "a-long-key", "[]", '{"a-long-key":{"tenant":"t","subject":"s"}}'];
  for (const content of contents) {
    const identifying = Promise.resolve(driver(content).identify("a-long-key"));
    await expect(identifying).rejects.toMatchObject({
      code: "failed_precondition",
      origin: "platform",
      message: expect.not.stringContaining("a-long-key"),
    });
  }
});
