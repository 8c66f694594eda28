import * as z from "zod";

/** A time of Lambda's, `2026-11-21T10:00:00.000+0000`, or seconds since 1970. */
export const time = z
  .union([z.string(), z.number().transform((seconds) => seconds * 1_000)])
  .transform((given, context) => {
    const ms = typeof given === "number" ? given : Date.parse(given);
    if (Number.isFinite(ms)) return new Date(ms).toISOString();
    context.addIssue({ code: "custom", message: "is no time" });
    return z.NEVER;
  });
