import { Fault } from "#shared/errors";
import { addressRange, type AddressRange } from "#shared/http";
import type * as z from "zod";
import type { Decided } from "./policy.ts";

/**
 * Decides about an address. An address that is none is of no known country. Throws `failed_precondition` from `caller` for a
 * table with a range that is none, so that nobody is let in by a slip of the pen.
 */
export function decideCountry(
  policy: string,
  ranges: string,
  address: string,
): z.infer<typeof Decided> {
  const [, verb, list = "", unknown] =
    /^(allow|block) ([A-Z,]+); unknown (allow|deny)$/.exec(policy) ?? [];
  const country = countryOf(readRanges(ranges), address);
  if (verb === undefined) return { allowed: true, country, reason: "no-policy" };
  if (country === null) {
    return { allowed: unknown === "allow", country, reason: "unknown-country" };
  }
  const listed = list.split(",").includes(country);
  const allowed = listed === (verb === "allow");
  return { allowed, country, reason: listed ? "listed" : "not-listed" };
}

type CountryRange = { readonly range: AddressRange; readonly country: string };

/** The country of the narrowest range that an address is in. */
function countryOf(ranges: readonly CountryRange[], address: string): string | null {
  const within = ranges.filter(({ range }) => range.has(address));
  return within.toSorted((a, b) => b.range.bits - a.range.bits)[0]?.country ?? null;
}

function readRanges(text: string): readonly CountryRange[] {
  const entries = text.split(/\s+/).filter((entry) => entry !== "");
  return entries.map((entry) => {
    const [addresses = "", country = ""] = entry.split("=");
    const range = addressRange(addresses);
    if (range !== undefined) return { range, country };
    throw new Fault(
      "failed_precondition",
      "firebase-auth.countries: the connection's table has a range that is none; write <address>/<bits>=<country>",
      { origin: "caller", details: { field: "country-ranges" } },
    );
  });
}
