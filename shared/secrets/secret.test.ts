import { memoryPorts } from "#shared/testing";
import { expect, it } from "vitest";
import { secret } from "./secret.ts";

const scope = {
  tenant: "default",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};

it("gives a client that reads this one secret, cached over invocations", async () => {
  const ports = memoryPorts({ secrets: { "stripe-key": "canary" } });
  let reads = 0;
  const secrets = {
    ...ports.secrets,
    read: (name: string, signal: AbortSignal | undefined) => {
      reads += 1;
      return ports.secrets.read(name, signal);
    },
  };
  const grant = secret("stripe-key").grant("read");
  expect(grant).toMatchObject({ kind: "secret", resource: "stripe-key", verbs: ["read"] });
  for (let invocation = 0; invocation < 3; invocation += 1) {
    const found = await grant.connect({ ...ports, secrets }, scope).read();
    expect(found.reveal()).toBe("canary");
  }
  expect(reads).toBe(1);
});

it("says by name what is missing", async () => {
  const reading = secret("no-such-key").grant("read").connect(memoryPorts(), scope).read();
  await expect(reading).rejects.toMatchObject({ code: "not_found", origin: "platform" });
});

it("refuses a name that no vault would take", () => {
  for (const name of ["", "Stripe", "a//b", "/a", "a_b", "a".repeat(121)]) {
    expect(() => secret(name)).toThrow(/secrets.define/);
  }
});
