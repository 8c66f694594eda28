import { fingerprint } from "#shared/idempotency";
import { store } from "#shared/state";
import * as z from "zod";
import { Pipeline, repository, tag } from "./pipeline.ts";
import { Stage, stagesOf } from "./plan.ts";

/** How a deployment ended. `stuck`: it could not be taken back, and somebody has to look. */
export const Ending = z.enum(["succeeded", "failed", "rolled-back", "stuck"]);
export type Ending = z.infer<typeof Ending>;

const Step = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("dispatch") }),
  z.object({ kind: z.literal("build") }),
  z.object({ kind: z.literal("verify") }),
  z.object({ kind: z.literal("lock") }),
  z.object({ kind: z.literal("prepare") }),
  /** The release must be well before it gets any traffic. */
  z.object({ kind: z.literal("probe"), failures: z.int() }),
  z.object({ kind: z.literal("shift"), stage: z.int() }),
  z.object({ kind: z.literal("watch"), stage: z.int(), failures: z.int() }),
  z.object({ kind: z.literal("rollback") }),
  z.object({ kind: z.literal("unlock"), ending: Ending }),
  z.object({ kind: z.literal("over"), ending: Ending }),
]);
export type Step = z.infer<typeof Step>;

/** What the steps found out. */
export const Facts = z.object({
  runId: z.int().optional(),
  runUrl: z.string().optional(),
  digest: z.string().optional(),
  /** What serves until now: a version, a revision; where it is a slot, production. */
  stable: z.string().optional(),
  /** What is to serve. */
  candidate: z.string().optional(),
});
export type Facts = z.infer<typeof Facts>;

/**
 * One deployment. Every change of `step` counts `sequence` up; a message is about one sequence, and the keys of what a
 * step writes are made of it.
 */
export const Deployment = z.object({
  repository,
  id: z.string().min(1),
  tag,
  /** As it was when the deployment began. */
  pipeline: Pipeline,
  stages: z.array(Stage),
  sequence: z.int(),
  step: Step,
  facts: Facts,
  /** The greatest part of the traffic that was asked for, written before it is asked for. */
  reachedPercent: z.int(),
  /** Begun attempts of this step. */
  attempts: z.int(),
  lease: z.object({ owner: z.string(), untilMs: z.int() }).optional(),
  startedAtMs: z.int(),
  /** When the step began, when it is to be tried next, and when it counts as failed. */
  enteredAtMs: z.int(),
  dueAtMs: z.int(),
  deadlineAtMs: z.int(),
  /** What the Slack thread tells, in order; only added to. */
  notices: z.array(z.string()),
});
export type Deployment = z.infer<typeof Deployment>;

const RETENTION_DAYS = 90;
export const RETENTION_SECONDS = RETENTION_DAYS * 86_400;

export const deployments = store("deploy-deployments", {
  schema: Deployment,
  partition: "repository",
  sort: "id",
  ttl: true,
  acrossClouds: "home",
});

/** Which deployment a workflow run builds for. */
export const builds = store("deploy-builds", {
  schema: z.object({ repository: z.string().min(1), run: z.string().min(1), id: z.string() }),
  partition: "repository",
  sort: "run",
  ttl: true,
  acrossClouds: "home",
});

/** Which deployment a repository's target belongs to: two at a time would undo each other. */
export const locks = store("deploy-locks", {
  schema: z.object({ group: z.literal("all"), repository: z.string().min(1), id: z.string() }),
  partition: "group",
  sort: "repository",
  ttl: true,
  acrossClouds: "home",
});

/** The time a step may take before it counts as failed, in seconds; what is not here is never given up. */
const limits: Partial<Readonly<Record<Step["kind"], number>>> = {
  dispatch: 900,
  verify: 900,
  lock: 6 * 3_600,
  prepare: 1_200,
  probe: 900,
  shift: 900,
  rollback: 3_600,
};

/** A new deployment of a tag. `run` tells repeats of one tag apart. Pure. */
export function begin(pipeline: Pipeline, name: string, run: string, nowMs: number): Deployment {
  return {
    repository: pipeline.repository,
    id: `${name}.${run}`,
    tag: name,
    pipeline,
    stages: [...stagesOf(pipeline.strategy)],
    sequence: 1,
    facts: {},
    reachedPercent: 0,
    startedAtMs: nowMs,
    notices: [`${name} is to be deployed (${pipeline.strategy.kind}, ${pipeline.target.cloud})`],
    ...entered({ kind: "dispatch" }, pipeline, nowMs),
  };
}

/** The members of a row that are new with each step. */
export function entered(
  step: Step,
  pipeline: Pipeline,
  nowMs: number,
): Pick<Deployment, "step" | "attempts" | "enteredAtMs" | "dueAtMs" | "deadlineAtMs"> {
  const seconds = step.kind === "build" ? pipeline.buildMinutes * 60 : limits[step.kind];
  const deadlineAtMs = seconds === undefined ? Number.MAX_SAFE_INTEGER : nowMs + seconds * 1_000;
  return { step, attempts: 0, enteredAtMs: nowMs, dueAtMs: nowMs, deadlineAtMs };
}

/** The idempotency key of what a step writes: the same for every attempt, another for every step. */
export function keyOf({ repository: of, id, sequence }: Deployment, what: string): string {
  return fingerprint(["deploy", of, id, sequence, what]);
}
