import * as z from "zod";

/** How a version replaces another one. */
export const Strategy = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rolling"), batches: z.int().min(1).max(50) }),
  z.object({
    kind: z.literal("canary"),
    /** Shares of the traffic; the whole of it comes last by itself. */
    percents: z.array(z.int().min(1).max(99)).min(1).max(20),
  }),
  z.object({ kind: z.literal("blue-green") }),
]);

export type Strategy = z.output<typeof Strategy>;

/** A step: how much of the traffic, or of the machines, the new version has after it. */
export const Step = z.object({ name: z.string(), percent: z.int() });

export type Step = z.output<typeof Step>;
