import { judge, type ToolCall, type Verdict } from "#shared/agents";
import { Fault } from "#shared/errors";
import type { AgentContext } from "./agent-uses.ts";
import { type ApprovalView, askApproval } from "./approvals.ts";
import { note } from "./audit.ts";
import { readPermission } from "./permissions.ts";
import type { AuditRow } from "./stores.ts";

/** A call as an agent asks for it. */
export type AskedCall = ToolCall & {
  readonly agent: string;
  readonly connection: string;
  readonly input?: unknown;
};

type Denial = Extract<Verdict, { kind: "deny" }>["reason"];
export type Begun =
  | { readonly verdict: "run"; readonly call: string }
  | { readonly verdict: "pending"; readonly approval: ApprovalView };

const DAY_MS = 86_400_000;

/**
 * Counts, judges and writes down a call before it is made. Throws `permission_denied`, and `resource_exhausted` when the
 * day's calls are used up, both from `caller`.
 */
export async function beginCall(ctx: AgentContext, asked: AskedCall): Promise<Begun> {
  const { agent, tool, connection } = asked;
  const verdict = await count(ctx, asked);
  const row = { agent, who: agent, tool, connection };
  if (verdict.kind === "deny") {
    await note(ctx, { ...row, outcome: "denied", code: verdict.reason });
    throw denied(verdict.reason, DAY_MS - (ctx.clock.now() % DAY_MS));
  }
  if (verdict.kind === "run") {
    return { verdict: "run", call: await note(ctx, { ...row, outcome: "started" }) };
  }
  return { verdict: "pending", approval: await askApproval(ctx, asked) };
}

/** How a call ended, as the one who made it tells. */
export type Ended = Pick<AuditRow, "code" | "run" | "costUsd"> & {
  readonly outcome: "ok" | "failed";
};

/** Writes down how a call ended. A second word about it is not heard. */
export async function endCall(
  ctx: AgentContext,
  { agent, call }: { readonly agent: string; readonly call: string },
  ended: Ended,
): Promise<void> {
  await ctx.audit.update({ agent, at: call }, (row) =>
    row?.outcome === "started" ? { ...row, ...ended } : undefined,
  );
}

/** Two calls at once cannot both be the last one of a day. */
async function count(ctx: AgentContext, { agent, ...call }: AskedCall): Promise<Verdict> {
  const { policy } = await readPermission(ctx, agent);
  const day = new Date(ctx.clock.now()).toISOString().slice(0, 10);
  let verdict: Verdict = { kind: "deny", reason: "not-granted" };
  await ctx.calls.update(
    { agent, day },
    (current) => {
      const callsToday = current?.calls ?? 0;
      verdict = judge(policy, { ...call, callsToday });
      return verdict.kind === "deny" ? undefined : { agent, day, calls: callsToday + 1 };
    },
    { ttlSeconds: (2 * DAY_MS) / 1000 },
  );
  return verdict;
}

const REASONS: Readonly<Record<Denial, string>> = {
  "not-granted": "this tool is not among those granted; tools/list names them",
  "read-only": "this agent may only read; use a tool that reads",
  connection: "this agent may not use that connection; name another one",
  "calls-used-up": "this agent has made its calls of the day; go on tomorrow (UTC)",
};

/** The fault for a call that the policy does not let through. */
export function denied(reason: Denial, retryAfterMs: number): Fault {
  const isUsedUp = reason === "calls-used-up";
  return new Fault(
    isUsedUp ? "resource_exhausted" : "permission_denied",
    `agents.call: ${REASONS[reason]}`,
    { origin: "caller", details: { reason }, ...(isUsedUp ? { retryAfterMs } : {}) },
  );
}
