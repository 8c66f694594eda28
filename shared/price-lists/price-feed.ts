import { Fault } from "#shared/errors";
import { isBelieved, priceBands, type PricedUnit } from "#shared/routing";

/** The way out: reads JSON from a vendor's price API. Throws a Fault for anything that is not an answer in JSON. */
export type GetJson = (url: string, headers?: Readonly<Record<string, string>>) => Promise<unknown>;

/** How a figure of ours is found in a vendor's list, and brought to our unit. */
export type Sku = {
  /** What `price-list.ts` calls it. */
  readonly figure: string;
  readonly unit: PricedUnit;
  /** The unit in which the vendor's list has it. Another one is a fault, never a conversion. */
  readonly vendorUnit: string;
  /** USD in our unit for one USD in the vendor's. */
  readonly times: number;
};

/** A step of a price: what a unit costs from so many units a month on. */
export type Tier = { readonly from: number; readonly usd: number };

/** A figure as a vendor's API gave it. */
export type Reading = {
  readonly figure: string;
  readonly unit: PricedUnit;
  readonly usd: number;
  readonly source: string;
};

/** What a feed has read, and what it could not. One figure that cannot be trusted leaves the others readable. */
export type FeedResult = {
  readonly readings: readonly Reading[];
  readonly faults: readonly Fault[];
};

/** One cloud's public price API. */
export type PriceFeed = {
  readonly cloud: string;
  readonly figures: readonly string[];
  readonly read: (getJson: GetJson) => Promise<FeedResult>;
};

/** The end of every list that pages: no vendor's list that is asked for here is as long. */
export const MAX_PAGES = 100;

/**
 * The figure that a vendor's rows say: the first step that is not free. Throws `invalid_argument` for another unit than
 * was agreed, rows that contradict each other, only free ones, and a price that no cloud can have meant.
 */
export function readingOf(
  sku: Sku,
  rows: readonly (Tier & { readonly vendorUnit: string })[],
  source: string,
): Reading {
  const { figure, unit, vendorUnit, times } = sku;
  const other = rows.find((row) => row.vendorUnit !== vendorUnit);
  if (other !== undefined) {
    throw refused(sku, source, `is priced per "${other.vendorUnit}" instead of "${vendorUnit}"`);
  }
  if (rows.length === 0) throw refused(sku, source, "is not in the list");
  const absurd = rows.find(({ from, usd }) => !(from >= 0 && usd >= 0 && usd < Infinity));
  if (absurd !== undefined) throw refused(sku, source, `is ${absurd.usd} from ${absurd.from} on`);
  const paid = rows.filter(({ usd }) => usd > 0);
  const first = Math.min(...paid.map(({ from }) => from));
  const [usd, ...more] = new Set(paid.filter(({ from }) => from === first).map((row) => row.usd));
  if (usd === undefined) throw refused(sku, source, "is free in all its steps");
  if (more.length > 0) throw refused(sku, source, `is ${[usd, ...more].join(" and ")} at once`);
  // A vendor's decimals are exact, a product of them is not: 0.30000000000000004 is meant to be 0.3.
  const ours = Number((usd * times).toPrecision(12));
  const { least, most } = priceBands[unit];
  if (!isBelieved(ours, { least, most })) {
    throw refused(sku, source, `is ${ours}, not between ${least} and ${most}`);
  }
  return { figure, unit, usd: ours, source };
}

/** Runs one reading per SKU, so that each of them is told that cannot be read. */
export function readEach<S extends Sku>(skus: readonly S[], read: (sku: S) => Reading): FeedResult {
  const readings: Reading[] = [];
  const faults: Fault[] = [];
  for (const sku of skus) {
    try {
      readings.push(read(sku));
    } catch (error) {
      if (!Fault.is(error)) throw error;
      faults.push(error);
    }
  }
  return { readings, faults };
}

/** Refuses what a list says of a figure; the SKU's selector may be out of date. */
export function refused({ figure }: Sku, source: string, what: string): Fault {
  return new Fault(
    "invalid_argument",
    `price-lists.read: ${figure} ${what}, by ${source}; look the SKU up there and correct its selector`,
    { origin: "upstream", details: { figure } },
  );
}

/** An answer that has not the form that its vendor documents. */
export function malformed(source: string, why: string): Fault {
  return new Fault(
    "invalid_argument",
    `price-lists.read: ${source} did not answer as documented: ${why}; read its documentation again`,
    { origin: "upstream" },
  );
}
