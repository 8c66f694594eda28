import * as z from "zod";

/** How bad something is, in the words of advisories: https://docs.github.com/code-security/reference/code-scanning */
export const severities = ["critical", "high", "medium", "low"] as const;

export const severity = z.enum([...severities, "unrated"]);

export type Severity = z.output<typeof severity>;

/** What every kind of alert says. */
export const Alert = z.object({
  number: z.int(),
  /** `null` where a code scanning alert is on no branch that counts. */
  state: z.string().nullable(),
  severity,
  title: z.string(),
  /** File, package, or the provider of a secret; `null` where GitHub names none. */
  where: z.string().nullable(),
  url: z.string(),
  createdAt: z.string(),
});

export type Alert = z.output<typeof Alert>;

/** Open alerts of one kind. */
export const Count = z.object({
  /** `false`: the feature is off, or the credential may not read it. */
  readable: z.boolean(),
  open: z.int(),
  bySeverity: z.record(z.string(), z.int()),
  oldest: z.string().nullable(),
  /** There are more than were counted. */
  more: z.boolean(),
});

export type Count = z.output<typeof Count>;
