import type { Outcome } from "./completions.ts";

/** Something that chooses an arm for each call, and may learn from how calls end. */
export type Policy = {
  readonly name: string;
  /** A static placement: it waits for its cloud when that is down, instead of going elsewhere. */
  readonly waits: boolean;
  /** The arm for a call; `not` is a bit set of arms where the same call has failed just now. */
  choose(fn: number, atMs: number, call: number, not: number): number;
  /** Whether the last choice was made to learn, not to save. */
  readonly exploring?: () => boolean;
  readonly ended?: (outcome: Outcome) => void;
  readonly failed?: (fn: number, arm: number, atMs: number) => void;
};
