import * as z from "zod";
import type { Strategy } from "./rollout.ts";
import { Step } from "./rollout.ts";

/** What a deployment that is rolled out in steps carries along. */
export const RolloutPayload = z.object({ rollout: z.array(Step).min(1) });

/** The steps of a strategy, in order. */
export function stepsOf(strategy: Strategy): Step[] {
  switch (strategy.kind) {
    case "rolling":
      return Array.from({ length: strategy.batches }, (_, index) => ({
        name: `batch ${index + 1}`,
        percent: Math.round(((index + 1) * 100) / strategy.batches),
      }));
    case "canary":
      return [...new Set([...strategy.percents, 100])]
        .toSorted((a, b) => a - b)
        .map((percent) => ({ name: `canary ${percent} %`, percent }));
    case "blue-green":
      return [
        { name: "idle side", percent: 0 },
        { name: "switch", percent: 100 },
      ];
  }
}

/** How a status says which step it is about; read back by {@link currentStep}. */
export function describeStep(steps: readonly Step[], number: number, reason = ""): string {
  const name = steps[number - 1]?.name ?? "";
  return `step ${number}/${steps.length}: ${name}${reason === "" ? "" : `: ${reason}`}`.slice(
    0,
    140,
  );
}

/** Where a rollout stands by its statuses, newest first; `undefined` where none tells of a step. */
export function currentStep(
  statuses: readonly { readonly state: string; readonly description: string }[],
): { readonly step: number; readonly state: string } | undefined {
  for (const { state, description } of statuses) {
    const number = /^step (\d{1,3})\//.exec(description)?.[1];
    if (number !== undefined) return { step: Number(number), state };
  }
  return undefined;
}
