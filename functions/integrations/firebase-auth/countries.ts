import { addressRange, type AddressRange } from "#shared/http";
import * as z from "zod";

const COUNTRY = "[A-Z]{2}";

/**
 * Who may sign in, as the connection says it: `off`, `allow DE,AT; unknown deny` or `block KP; unknown allow`, with codes of
 * ISO 3166-1. There is no policy that leaves open what holds for an address of no known country.
 */
export const policyText = z
  .string()
  .regex(
    new RegExp(`^(?:off|(?:allow|block) ${COUNTRY}(?:,${COUNTRY})*; unknown (?:allow|deny))$`),
  );

/** Ranges of addresses and their countries: `192.0.2.0/24=DE 2001:db8::/32=AT`. */
export const rangesText = z
  .string()
  // What every vault takes: https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
  .max(24_000)
  .refine((text) => readRanges(text) !== undefined, "is no list of <address>/<bits>=<country>");

export const Decided = z.object({
  allowed: z.boolean(),
  country: z.string().nullable(),
  reason: z.enum(["no-policy", "listed", "not-listed", "unknown-country"]),
});

type Decided = z.infer<typeof Decided>;

/** Decides about an address. An address that is none is of no known country. */
export function decideCountry(policy: string, ranges: string, address: string): Decided {
  const [, verb, list = "", unknown] =
    /^(allow|block) ([A-Z,]+); unknown (allow|deny)$/.exec(policy) ?? [];
  const country = countryOf(ranges, address) ?? null;
  if (verb === undefined) return { allowed: true, country, reason: "no-policy" };
  if (country === null) {
    return { allowed: unknown === "allow", country, reason: "unknown-country" };
  }
  const listed = list.split(",").includes(country);
  const allowed = listed === (verb === "allow");
  return { allowed, country, reason: listed ? "listed" : "not-listed" };
}

/** The country of the narrowest range that an address is in. */
function countryOf(text: string, address: string): string | undefined {
  const within = (readRanges(text) ?? []).filter(({ range }) => range.has(address));
  return within.toSorted((a, b) => b.range.bits - a.range.bits)[0]?.country;
}

type CountryRange = { readonly range: AddressRange; readonly country: string };

/** The ranges of a table; `undefined` for what is none. */
function readRanges(text: string): readonly CountryRange[] | undefined {
  const entries = text.split(/\s+/).filter((entry) => entry !== "");
  const ranges = entries.flatMap((entry) => readRange(entry) ?? []);
  return ranges.length === entries.length ? ranges : undefined;
}

function readRange(entry: string): CountryRange | undefined {
  const [, addresses = "", country = ""] = /^([^=]+)=([A-Z]{2})$/.exec(entry) ?? [];
  const range = addressRange(addresses);
  return range === undefined ? undefined : { range, country };
}
