import { type Deployment, type Ending, entered, type Facts, type Step } from "./deployment.ts";

/** What an attempt at a step came to. */
export type Outcome =
  | { readonly kind: "done"; readonly facts?: Facts }
  /** Not over yet. */
  | { readonly kind: "wait"; readonly reason: string; readonly afterSeconds: number }
  /** A look at the release's health, which `probe` and `watch` take. */
  | { readonly kind: "checked"; readonly healthy: boolean; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** What follows an outcome: the row with the next step, or with the next attempt at this one. Pure. */
export function decide(row: Deployment, outcome: Outcome, nowMs: number): Deployment {
  if (row.step.kind === "over") return row;
  switch (outcome.kind) {
    case "done":
      return advance({ ...row, facts: { ...row.facts, ...outcome.facts } }, nowMs);
    case "wait":
      return nowMs >= row.deadlineAtMs
        ? fail(row, `${outcome.reason}, for too long`, nowMs)
        : { ...row, dueAtMs: nowMs + outcome.afterSeconds * 1_000 };
    case "checked":
      return check(row, outcome, nowMs);
    case "failed":
      return fail(row, outcome.reason, nowMs);
  }
}

function advance(row: Deployment, nowMs: number): Deployment {
  const { step, facts, tag, pipeline } = row;
  const to = (next: Step, ...notices: string[]): Deployment => enter(row, next, nowMs, notices);
  switch (step.kind) {
    case "dispatch":
      return to({ kind: "build" }, `Build started: ${facts.runUrl ?? pipeline.workflow}`);
    case "build":
      return to({ kind: "verify" }, "Build succeeded");
    case "verify":
      return to({ kind: "lock" }, `Image ${pipeline.image}@${facts.digest ?? ""} is trusted`);
    case "lock":
      return to({ kind: "prepare" });
    case "prepare":
      return to({ kind: "probe", failures: 0 });
    case "probe":
      return shift(row, 0, nowMs, `${tag} is healthy without traffic`);
    case "shift": {
      const stage = row.stages[step.stage];
      const told = `${tag} has ${stage?.percent ?? 0} % of the traffic`;
      return to({ kind: "watch", stage: step.stage, failures: 0 }, told);
    }
    case "watch":
      return row.stages.length > step.stage + 1
        ? shift(row, step.stage + 1, nowMs)
        : to({ kind: "unlock", ending: "succeeded" });
    case "rollback":
      return to({ kind: "unlock", ending: "rolled-back" }, `Rolled back: ${tag} has no traffic`);
    case "unlock":
      return to({ kind: "over", ending: step.ending }, endings[step.ending](tag));
    case "over":
      return row;
  }
}

const endings: Readonly<Record<Ending, (tag: string) => string>> = {
  succeeded: (tag) => `${tag} is deployed`,
  failed: (tag) => `${tag} was not deployed, and nothing was shifted`,
  "rolled-back": (tag) => `${tag} was taken back; what served before serves again`,
  stuck: (tag) => `${tag} could not be taken back: look at the traffic by hand, now`,
};

/** Before a part of the traffic is asked for it is written down that it may have been. */
function shift(row: Deployment, stage: number, nowMs: number, ...notices: string[]): Deployment {
  const reachedPercent = row.stages[stage]?.percent ?? 100;
  return { ...enter(row, { kind: "shift", stage }, nowMs, notices), reachedPercent };
}

function check(
  row: Deployment,
  { healthy, reason }: Extract<Outcome, { kind: "checked" }>,
  nowMs: number,
): Deployment {
  const { step, pipeline } = row;
  if (step.kind !== "probe" && step.kind !== "watch") return row;
  const failures = healthy ? 0 : step.failures + 1;
  if (failures >= pipeline.health.failures) return fail(row, `Unhealthy: ${reason}`, nowMs);
  if (healthy && isWatched(row, nowMs)) return advance(row, nowMs);
  const dueAtMs = nowMs + pipeline.health.everySeconds * 1_000;
  return { ...row, step: { ...step, failures }, dueAtMs };
}

function isWatched({ step, stages, enteredAtMs }: Deployment, nowMs: number): boolean {
  const seconds = step.kind === "watch" ? (stages[step.stage]?.watchSeconds ?? 0) : 0;
  return nowMs - enteredAtMs >= seconds * 1_000;
}

/** Before the first shift a failure ends the deployment; from then on the traffic goes back first. */
function fail(row: Deployment, reason: string, nowMs: number): Deployment {
  const { kind } = row.step;
  if (kind === "rollback") {
    return enter(row, { kind: "unlock", ending: "stuck" }, nowMs, [`Rollback failed: ${reason}`]);
  }
  const next: Step =
    kind === "shift" || kind === "watch"
      ? { kind: "rollback" }
      : { kind: "unlock", ending: "failed" };
  return enter(row, next, nowMs, [`Failed at ${kind}: ${reason}`]);
}

function enter(row: Deployment, step: Step, nowMs: number, told: readonly string[]): Deployment {
  const notices = [...row.notices, ...told];
  return {
    ...row,
    ...entered(step, row.pipeline, nowMs),
    sequence: row.sequence + 1,
    notices,
  };
}
