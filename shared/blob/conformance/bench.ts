import { faultyBlobs, PlannedFaults } from "#shared/faults";
import { type AddRule, FakeClock, seededRandom } from "#shared/testing";
import type { Bucket } from "../bucket.ts";
import { bucket, openBucket } from "../bucket-ref.ts";
import type { BlobDriver, SignedUrl } from "../driver.ts";
import type { Etag } from "../content.ts";
import type { PutResult } from "../bucket.ts";
import type { BlobHarness } from "../conformance.ts";

/** The one bucket of the suite, for harnesses that must make it before it is used. */
export const conformanceBucket = bucket("conformance-blobs");

/** What a rule works with: a bucket over the driver in question, under a tenant of its own. */
export type Bench = {
  readonly driver: BlobDriver;
  /** What goes wrong next. */
  readonly faults: PlannedFaults;
  /** How many calls were made of each operation. */
  readonly calls: ReturnType<typeof faultyBlobs>["calls"];
  readonly clock: FakeClock;
  readonly blobs: Bucket;
  readonly tenant: string;
  /** The same bucket for another tenant or signal, or over another driver. */
  readonly open: (other?: {
    tenant?: string;
    signal?: AbortSignal;
    driver?: BlobDriver;
    bucket?: string;
  }) => Bucket;
  /** Sends a signed request as somebody without credentials would. */
  readonly visit: (signed: SignedUrl, body?: Uint8Array) => Promise<Visited>;
};

/** What somebody with a signed URL was answered. */
export type Visited = { readonly status: number; readonly body: Uint8Array };

/** Adds a rule that gets a fresh bench. */
export type BenchRule = (id: string, title: string, run: (bench: Bench) => Promise<void>) => void;

let benches = 0;

/** Turns rules about a bucket into rules of a suite; closes the driver after each. */
export function benchRules<D extends BlobDriver>(
  rule: AddRule,
  harness: BlobHarness<D>,
  wrap: (driver: D) => D = (driver) => driver,
): BenchRule {
  return (id, title, run) => {
    rule(id, title, async () => {
      const clock = new FakeClock();
      const driver = wrap(await harness.open(clock));
      try {
        await run(benchOf(driver, clock, harness));
      } finally {
        await driver.close();
      }
    });
  };
}

function benchOf<D extends BlobDriver>(inner: D, clock: FakeClock, harness: BlobHarness<D>): Bench {
  const faults = new PlannedFaults();
  const { driver, calls } = faultyBlobs<BlobDriver>(inner, faults);
  // Names that repeat would let one rule meet the blobs of another where the store outlives the rule.
  benches += 1;
  const tenant = `tenant-${process.pid}-${benches}`;
  const open: Bench["open"] = (other = {}) => {
    const random = seededRandom(benches);
    const blob = other.driver ?? driver;
    const ref = other.bucket === undefined ? conformanceBucket : bucket(other.bucket);
    return openBucket(
      ref,
      { blob, clock, random },
      {
        tenant: other.tenant ?? tenant,
        traceparent: "",
        event: undefined,
        signal: other.signal ?? new AbortController().signal,
      },
    );
  };
  const visit: Bench["visit"] = (signed, body) => harness.visit(inner, signed, body);
  return { driver, faults, calls, clock, blobs: open(), tenant, open, visit };
}

/** The etag of a put that must have happened. */
export function etagOf(result: PutResult): Etag {
  if (result.ok) return result.etag;
  throw new Error("the put met another blob");
}

/** Content as text. */
export function textOf(found: { readonly body: Uint8Array } | undefined): string | undefined {
  return found === undefined ? undefined : Buffer.from(found.body).toString();
}
