import {
  type AddRule,
  collectRules,
  conformanceSuite,
  type Exceptions,
  type FakeClock,
  mutantSuite,
  type Rule,
} from "#shared/testing";
import { benchRules, type Visited } from "./conformance/bench.ts";
import { brokenNetworkRule } from "./conformance/broken-network.ts";
import { contentRules } from "./conformance/content.ts";
import { failureRules, unreachableRule } from "./conformance/failures.ts";
import { keyRules } from "./conformance/keys.ts";
import { blobMutants } from "./conformance/mutants.ts";
import { signingRules } from "./conformance/signing.ts";
import { writeRules } from "./conformance/writes.ts";
import type { BlobDriver, SignedUrl } from "./driver.ts";

export type BlobHarness<D extends BlobDriver> = {
  /** What stands behind the driver in this run, if anything does. */
  readonly engine?: string;
  /** A driver; called once per rule. What other rules left behind does no harm. */
  readonly open: (clock: FakeClock) => Promise<D>;
  /** Sends a signed request without any credential, when it is what the driver's clock says. */
  readonly visit: (driver: D, signed: SignedUrl, body?: Uint8Array) => Promise<Visited>;
  /** A driver of a store that cannot be reached. */
  readonly unreachable: () => Promise<D>;
  /** Rules this store cannot keep, each with its reason. */
  readonly except?: Exceptions;
};

/** For how many seeds connections break; the variable `CONFORMANCE_SEEDS` says otherwise. */
const SEEDS = 1_000;

/** The contract of the blob port. A driver is done when this passes. */
export function blobConformance<D extends BlobDriver>(name: string, harness: BlobHarness<D>): void {
  const { engine, except = {}, unreachable } = harness;
  const subject = { port: "blob", driver: name, engine };
  const rulesOver = (wrap: (driver: D) => D): readonly Rule[] =>
    collectRules((rule) => {
      const add = benchRules(rule, harness, wrap);
      writeRules(add);
      contentRules(add);
      keyRules(add);
      failureRules(add);
      signingRules(add);
      unreachableRule(rule, async () => wrap(await unreachable()));
    });
  conformanceSuite(subject, except, (rule) => {
    for (const { id, title, run } of rulesOver((driver) => driver)) rule(id, title, run);
    const seeds = Number(process.env["CONFORMANCE_SEEDS"] ?? SEEDS);
    const slow: AddRule = (id, title, run) => rule(id, title, run, { timeoutSeconds: 300 });
    brokenNetworkRule(benchRules(slow, harness), seeds);
  });
  mutantSuite<D>(subject, except, blobMutants(), rulesOver);
}

/** Sends a signed request over the network, for harnesses whose engine keeps the driver's time. */
export async function visitByFetch(
  { url, method, headers }: SignedUrl,
  body?: Uint8Array,
): Promise<Visited> {
  const content = body === undefined ? {} : { body: Buffer.from(body) };
  const response = await fetch(url, { method, headers, ...content });
  return { status: response.status, body: await response.bytes() };
}
