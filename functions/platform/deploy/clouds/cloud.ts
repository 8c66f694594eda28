import type { Outcome } from "../decide.ts";
import type { Deployment } from "../deployment.ts";

/** Whether a release is well, and what was seen. */
export type Health = { readonly healthy: boolean; readonly reason: string };

/** What a deployment asks of a cloud. Every member may be called again after an attempt that died anywhere in it. */
export type Cloud = {
  /** Finds what serves and what is to serve, and makes that where it is not there. Shifts nothing. */
  readonly prepare: () => Promise<Outcome>;
  /** Gives the release this part of the traffic, 1 to 100 percent. */
  readonly shift: (percent: number) => Promise<Outcome>;
  /** Gives all traffic back to what served before. */
  readonly rollback: () => Promise<Outcome>;
  /** Calls the release. What it throws means as much as an answer that is not well. */
  readonly probe: () => Promise<Health>;
};

export const done: Outcome = { kind: "done" };

export function failed(reason: string): Outcome {
  return { kind: "failed", reason };
}

export function wait(reason: string, afterSeconds: number): Outcome {
  return { kind: "wait", reason, afterSeconds };
}

/** What `prepare` found. Without it there is nothing to shift: a defect, and no reason to guess. */
export function foundBy({
  facts,
}: Deployment): { readonly stable: string; readonly candidate: string } | undefined {
  const { stable, candidate } = facts;
  return stable === undefined || candidate === undefined ? undefined : { stable, candidate };
}

export const NOTHING_FOUND = "the deployment does not know what to shift";
