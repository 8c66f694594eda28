import * as z from "zod";

const usd = z.number().nonnegative();

/** USD per million tokens, for models that the catalogue does not price, or prices of one's own contract. */
export const prices = z
  .record(
    z.string().min(1).max(128),
    z.object({
      input: usd,
      output: usd,
      cacheRead: usd.optional(),
      batch: z.object({ input: usd, output: usd }).optional(),
    }),
  )
  .default({});

/** How values are spread; percentiles are values that occurred (nearest rank). */
export const Spread = z.object({
  count: z.int(),
  p50: z.number(),
  p95: z.number(),
  max: z.number(),
});
