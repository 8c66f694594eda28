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

const RANGE = `[0-9a-fA-F.:]+/\\d{1,3}=${COUNTRY}`;

/** Ranges of addresses and their countries: `192.0.2.0/24=DE 2001:db8::/32=AT`. */
export const rangesText = z
  .string()
  // What every vault takes: https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
  .max(24_000)
  .regex(new RegExp(`^\\s*(?:${RANGE}(?:\\s+|$))*$`));

/** How a policy decides about an address. */
export const Decided = z.object({
  allowed: z.boolean(),
  country: z.string().nullable(),
  reason: z.enum(["no-policy", "listed", "not-listed", "unknown-country"]),
});
