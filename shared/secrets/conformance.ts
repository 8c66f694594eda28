import { conformanceSuite, type Exceptions, FakeClock, seededRandom } from "#shared/testing";
import { expect } from "vitest";
import type { SecretDriver } from "./driver.ts";
import { SecretReader } from "./secret-reader.ts";

const token = "connections/default/slack/default/token";
const secrets = { [token]: "canary-é\n", "plain-key": "second" };

export type SecretsHarness = {
  /** What stands behind the driver in this run, if anything does. */
  readonly engine?: string;
  /** A driver over a vault that holds exactly these secrets; called once per rule. */
  readonly open: (secrets: Readonly<Record<string, string>>) => Promise<SecretDriver>;
  /** Rules this vault cannot keep, each with its reason. */
  readonly except?: Exceptions;
};

/** The contract of the secrets port. A driver is done when this passes. */
export function secretsConformance(name: string, harness: SecretsHarness): void {
  const subject = { port: "secrets", driver: name, engine: harness.engine };
  conformanceSuite(subject, harness.except ?? {}, (add) => {
    const rule = (id: string, title: string, run: (bench: Bench) => Promise<void>): void => {
      add(id, title, async () => {
        const driver = await harness.open(secrets);
        try {
          await run(benchOf(driver));
        } finally {
          await driver.close();
        }
      });
    };
    readRules(rule);
    cacheRules(rule);
  });
}

type Bench = {
  readonly driver: SecretDriver;
  readonly reader: SecretReader;
  readonly clock: FakeClock;
  /** Reads that reached the driver, and whether they fail. */
  readonly vault: { reads: number; down: boolean };
};

type Rule = (id: string, title: string, run: (bench: Bench) => Promise<void>) => void;

function readRules(rule: Rule): void {
  rule("X01", "a secret is read exactly, an absent one is undefined", async ({ reader }) => {
    expect((await reader.read(token))?.reveal()).toBe("canary-é\n");
    expect((await reader.read("plain-key"))?.reveal()).toBe("second");
    expect(await reader.read("no-such-key")).toBeUndefined();
    expect(await reader.read("connections/other/slack/default/token")).toBeUndefined();
  });

  rule("X02", "an ended invocation reads nothing", async ({ driver }) => {
    const signal = AbortSignal.abort(new Error("over"));
    await expect(driver.read(token, signal)).rejects.toBeDefined();
  });
}

function cacheRules(rule: Rule): void {
  rule("X03", "many readers at once and soon after make one read", async (bench) => {
    const { reader, vault, clock } = bench;
    await Promise.all(Array.from({ length: 20 }, () => reader.read(token)));
    clock.advance(269_000);
    await reader.read(token);
    expect(vault.reads).toBe(1);
    clock.advance(62_000);
    await reader.read(token);
    expect(vault.reads).toBe(2);
    await reader.refresh(token);
    expect(vault.reads).toBe(3);
  });

  rule("X04", "a failed read is not remembered", async ({ reader, vault }) => {
    vault.down = true;
    await expect(reader.read(token)).rejects.toMatchObject({
      code: "unavailable",
      origin: "platform",
    });
    vault.down = false;
    expect((await reader.read(token))?.reveal()).toBe("canary-é\n");
  });

  rule("X05", "the last value outlives an unreachable vault by an hour", async (bench) => {
    const { reader, vault, clock } = bench;
    await reader.read(token);
    vault.down = true;
    clock.advance(400_000);
    expect((await reader.read(token))?.reveal()).toBe("canary-é\n");
    const { reads } = vault;
    await Promise.all(Array.from({ length: 20 }, () => reader.read(token)));
    expect(vault.reads).toBe(reads);
    clock.advance(3_600_000 - 400_000);
    expect((await reader.read(token))?.reveal()).toBe("canary-é\n");
    clock.advance(34_000);
    await expect(reader.read(token)).rejects.toMatchObject({ code: "unavailable" });
  });

  rule("X06", "an absent secret is soon looked for again", async ({ reader, vault, clock }) => {
    await reader.read("no-such-key");
    await reader.read("no-such-key");
    expect(vault.reads).toBe(1);
    clock.advance(34_000);
    await reader.read("no-such-key");
    expect(vault.reads).toBe(2);
  });
}

class VaultDown extends Error {}

function benchOf(inner: SecretDriver): Bench {
  const vault = { reads: 0, down: false };
  const driver: SecretDriver = {
    name: inner.name,
    async read(name, signal) {
      vault.reads += 1;
      if (vault.down) throw new VaultDown("connection refused");
      return inner.read(name, signal);
    },
    codeOf: (error) => (error instanceof VaultDown ? "unavailable" : inner.codeOf(error)),
    close: () => inner.close(),
  };
  const clock = new FakeClock();
  return { driver, reader: new SecretReader(driver, clock, seededRandom(1)), clock, vault };
}
