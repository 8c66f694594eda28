import { Fault } from "#shared/errors";
import type { Grant, PriceBook } from "./price-book.ts";
import { checkPriceBook } from "./price-check.ts";

/** What is billed. Each billing scope has these four, in this order, as resources of its own. */
export const KINDS = ["requests", "gbSeconds", "vcpuSeconds", "egressGb"] as const;

/** Resources per billing scope. */
export const PER_SCOPE = KINDS.length;

/** A place where a call can run, and what is known of it beforehand. */
export type Arm = {
  readonly name: string;
  /** Whoever sends the bill; arms of one scope share its grants. */
  readonly scope: string;
  readonly book: PriceBook;
  /** How long an idle instance stays warm. */
  readonly keepAliveMs: number;
  /** What a cold start adds to the answer's time. */
  readonly coldMs: number;
  /** How much of that is billed like running time. */
  readonly coldBilledMs: number;
  /** Whether calls that overlap share an instance and its bill: Cloud Run from one vCPU on, Azure. */
  readonly shares: boolean;
  /** The carbon that one GB-s emits here; 0 where it is not counted. */
  readonly carbonGramsPerGbSecond: number;
};

/** Arms with their prices laid out by resource: `scope * PER_SCOPE + kind`. */
export type Market = {
  readonly arms: readonly Arm[];
  readonly scopes: readonly string[];
  /** The scope of each arm. */
  readonly scopeOf: Uint8Array;
  /** USD for a unit of each resource. */
  readonly prices: Float64Array;
  /** Units of each resource that are free in a month. */
  readonly monthlyGrants: Float64Array;
};

/**
 * Lays arms out for the bound and the router. A unit is counted as the grant counts it, so prices of a tier that uses
 * its grant up faster are divided by that weight ({@link grantUnits}). Throws `invalid_argument` for a book whose prices
 * are absurd ({@link checkPriceBook}), so that none of them wins traffic, and when arms that share a grant differ in
 * price, for which a single price per resource would be wrong.
 */
export function createMarket(arms: readonly Arm[]): Market {
  const scopes = [...new Set(arms.map(({ scope }) => scope))];
  const prices = new Float64Array(scopes.length * PER_SCOPE);
  const monthlyGrants = new Float64Array(scopes.length * PER_SCOPE);
  const seen = new Map<string, readonly number[]>();
  for (const { scope, book } of arms) {
    checkPriceBook(book);
    const paid = pricesOf(book);
    const before = seen.get(scope) ?? paid;
    if (before.some((price, kind) => price !== paid[kind])) throw mixedPrices(scope);
    seen.set(scope, paid);
    const offset = scopes.indexOf(scope) * PER_SCOPE;
    prices.set(paid, offset);
    monthlyGrants.set(grantsOf(book.grant), offset);
  }
  const scopeOf = Uint8Array.from(arms, ({ scope }) => scopes.indexOf(scope));
  return { arms, scopes, scopeOf, prices, monthlyGrants };
}

/** Units of the grant that a billed amount of compute uses up. */
export function grantUnits({ grantWeight }: PriceBook, billed: number): number {
  return billed * grantWeight;
}

/** What usage of all resources costs beyond the grants. */
export function overflowUsd(
  prices: Float64Array,
  grants: Float64Array,
  usage: Float64Array,
): number {
  let usd = 0;
  for (let r = 0; r < prices.length; r++) {
    usd += (prices[r] ?? 0) * Math.max(0, (usage[r] ?? 0) - (grants[r] ?? 0));
  }
  return usd;
}

function pricesOf(book: PriceBook): readonly number[] {
  return [
    book.usdPerMillionRequests / 1e6,
    book.usdPerGbSecond / book.grantWeight,
    book.usdPerVcpuSecond / book.grantWeight,
    book.usdPerEgressGb,
  ];
}

function grantsOf({ requests, gbSeconds, vcpuSeconds, egressGb }: Grant): readonly number[] {
  return [requests, gbSeconds, vcpuSeconds, egressGb];
}

function mixedPrices(scope: string): Fault {
  return new Fault(
    "invalid_argument",
    `routing.create-market: arms of scope "${scope}" differ in price; give each plan a scope, or route over one of them`,
  );
}
