import { judge } from "#shared/agents";
import { Fault, toFault } from "#shared/errors";
import { ack, type QueueOutcome, retry } from "#shared/function";
import { isOutcomeUnknown } from "#shared/idempotency";
import type { RunContext } from "./agent-uses.ts";
import { note } from "./audit.ts";
import { openJson, sealJson } from "./sealed.ts";
import { type Approval, APPROVAL_KEPT_SECONDS, MAX_ATTEMPTS } from "./stores.ts";

/** Longer than a run may take (see `agent-run.ts`) and clocks may differ. */
export const LEASE_MS = 90_000;
/** An approver's write comes after its message, by less than its function may last. */
const DECISION_SECONDS = 10;
const MAX_RETRY_SECONDS = 300;
/** More would not fit into a row of every cloud's store beside its input. */
const MAX_RESULT_CHARACTERS = 100_000;

type Attempt = { readonly id: string; readonly attempt: number };

/**
 * Runs an approved call. One run at a time has it, and each uses the same idempotency key, so that however often the
 * message comes and whoever dies over it, the action takes effect once.
 */
export async function runApproved(
  ctx: RunContext,
  { id, attempt }: Attempt,
): Promise<QueueOutcome> {
  const owner = ctx.random.uuid();
  const row = await take(ctx, id, owner);
  if (row === undefined) return ack();
  if (row.status === "pending") return awaitDecision(row, attempt, ctx.clock.now());
  if (row.lease?.owner !== owner) return busy(row, ctx.clock.now());
  try {
    await checkStillGranted(ctx, row);
    const input = await openJson(ctx, { approval: id, field: "input" }, row.input);
    const { tool: action, connection } = row;
    const answer = await ctx.act({ action, connection, input, idempotencyKey: `approval-${id}` });
    const result = await sealJson(ctx, { approval: id, field: "result" }, kept(answer));
    return await finish(ctx, row, { status: "done", result, fault: null });
  } catch (thrown) {
    const fault = toFault(thrown);
    const isFinal = !fault.retryable || isOutcomeUnknown(fault) || attempt >= MAX_ATTEMPTS;
    if (!isFinal) return handBack(ctx, row, fault);
    const { code, message } = Fault.is(thrown) ? fault : unexpected();
    return finish(ctx, row, { status: "failed", result: null, fault: { code, message } });
  }
}

/** The row as it is, leased to `owner` where it is there to be run. */
async function take(ctx: RunContext, id: string, owner: string): Promise<Approval | undefined> {
  const nowMs = ctx.clock.now();
  const entry = await ctx.approvals.update({ kind: "approval", id }, (current) => {
    const isFree = current?.lease === null || (current?.lease.endsAtMs ?? 0) <= nowMs;
    const isOpen = current?.status === "approved" || current?.status === "running";
    if (current === undefined || !isOpen || !isFree) return undefined;
    return { ...current, status: "running", lease: { owner, endsAtMs: nowMs + LEASE_MS } };
  });
  return entry?.value;
}

/** The message is sent before the decision is stored. Where none comes, the approver was told so and asks again. */
function awaitDecision(row: Approval, attempt: number, nowMs: number): QueueOutcome {
  if (attempt >= MAX_ATTEMPTS || nowMs >= row.expiresAtMs) return ack();
  return retry({ afterSeconds: DECISION_SECONDS, reason: "not decided yet" });
}

function busy({ status, lease }: Approval, nowMs: number): QueueOutcome {
  if (status !== "running" || lease === null) return ack();
  const afterSeconds = Math.max(1, Math.ceil((lease.endsAtMs - nowMs) / 1000));
  return retry({ afterSeconds, reason: "another run has it" });
}

/** What was allowed when it was asked for may have been taken back since. */
async function checkStillGranted(ctx: RunContext, row: Approval): Promise<void> {
  const { agent, tool, connection } = row;
  const permission = await ctx.permissions.get({ kind: "agent", agent });
  const call = { tool, connection, effect: "write", callsToday: 0 } as const;
  if (permission !== undefined && judge(permission.value.policy, call).kind !== "deny") return;
  throw new Fault(
    "permission_denied",
    "agents.run: the permission was taken back after the approval; grant it and ask again",
    { origin: "caller" },
  );
}

type End = Pick<Approval, "status" | "result" | "fault">;

/** Written down first: better twice than not at all. */
async function finish(ctx: RunContext, row: Approval, end: End): Promise<QueueOutcome> {
  const { agent, tool, connection, id } = row;
  const outcome = end.status === "done" ? "ok" : "failed";
  const code = end.fault?.code ?? null;
  await note(ctx, { agent, who: agent, tool, connection, outcome, code, approval: id });
  await release(ctx, row, end);
  return ack();
}

async function handBack(ctx: RunContext, row: Approval, fault: Fault): Promise<QueueOutcome> {
  await release(ctx, row, { status: "approved", result: null, fault: null });
  const seconds = Math.ceil((fault.retryAfterMs ?? 0) / 1000);
  const afterSeconds = Math.min(MAX_RETRY_SECONDS, Math.max(5, seconds));
  return retry({ afterSeconds, reason: fault.code });
}

/** Writes what became of a run, unless its lease ran out and another one has it by now. */
async function release(ctx: RunContext, { id, lease }: Approval, end: End): Promise<void> {
  await ctx.approvals.update(
    { kind: "approval", id },
    (current) =>
      current?.lease?.owner === lease?.owner && current !== undefined
        ? { ...current, ...end, lease: null }
        : undefined,
    { ttlSeconds: APPROVAL_KEPT_SECONDS },
  );
}

function kept(answer: unknown): unknown {
  const isKept = (JSON.stringify(answer) ?? "").length <= MAX_RESULT_CHARACTERS;
  return isKept ? answer : { notKept: `more than ${MAX_RESULT_CHARACTERS} characters` };
}

/** What is no fault of ours may quote what it was given. */
function unexpected(): Fault {
  return new Fault("internal", "agents.run: the call failed; the run's log says more");
}
