import { conformanceSuite, type Exceptions, type FakeClock } from "#shared/testing";
import { benchRules, type Visited } from "./conformance/bench.ts";
import { contentRules } from "./conformance/content.ts";
import { failureRules, unreachableRule } from "./conformance/failures.ts";
import { keyRules } from "./conformance/keys.ts";
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
  readonly unreachable: () => Promise<BlobDriver>;
  /** Rules this store cannot keep, each with its reason. */
  readonly except?: Exceptions;
};

/** The contract of the blob port. A driver is done when this passes. */
export function blobConformance<D extends BlobDriver>(name: string, harness: BlobHarness<D>): void {
  const subject = { port: "blob", driver: name, engine: harness.engine };
  conformanceSuite(subject, harness.except ?? {}, (rule) => {
    const add = benchRules(rule, harness);
    writeRules(add);
    contentRules(add);
    keyRules(add);
    failureRules(add);
    signingRules(add);
    unreachableRule(rule, harness.unreachable);
  });
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
