import * as z from "zod";

const watchSeconds = z.int().min(0).max(86_400);

/** How a release takes over the traffic. */
export const Strategy = z.discriminatedUnion("kind", [
  /** In equal parts. */
  z.object({ kind: z.literal("rolling"), batches: z.int().min(2).max(20), watchSeconds }),
  /** All at once. */
  z.object({ kind: z.literal("blue-green"), watchSeconds }),
  /** First these parts, then all. */
  z.object({
    kind: z.literal("canary"),
    percents: z
      .array(z.int().min(1).max(99))
      .min(1)
      .max(10)
      .refine((all) => all.every((percent, at) => percent > (all[at - 1] ?? 0)), {
        error: "must grow",
      }),
    watchSeconds,
  }),
]);
export type Strategy = z.infer<typeof Strategy>;

/** A part of the traffic, in percent, and how long its health is watched before the next part follows. */
export const Stage = z.object({ percent: z.int().min(1).max(100), watchSeconds });
export type Stage = z.infer<typeof Stage>;

/** The parts that a strategy shifts, growing, the last one everything. Pure. */
export function stagesOf(strategy: Strategy): readonly Stage[] {
  const { watchSeconds: seconds } = strategy;
  return percentsOf(strategy).map((percent) => ({ percent, watchSeconds: seconds }));
}

function percentsOf(strategy: Strategy): readonly number[] {
  switch (strategy.kind) {
    case "rolling": {
      const { batches } = strategy;
      return Array.from({ length: batches }, (_, at) => Math.round(((at + 1) * 100) / batches));
    }
    case "blue-green":
      return [100];
    case "canary":
      return [...strategy.percents, 100];
  }
}
