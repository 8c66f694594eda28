import { Fault } from "#shared/errors";
import type { AgentContext } from "./agent-uses.ts";
import { note } from "./audit.ts";
import { openJson, sealJson } from "./sealed.ts";
import { type Approval, APPROVAL_KEPT_SECONDS, APPROVAL_MS } from "./stores.ts";

/** What may be seen of an approval in a list. */
export type ApprovalView = Omit<Approval, "kind" | "status" | "input" | "result" | "lease"> & {
  readonly status: Approval["status"] | "expired";
};

/** More would not fit into a row of every cloud's store once it is sealed. */
const MAX_INPUT_CHARACTERS = 100_000;

type Asked = Pick<Approval, "agent" | "tool" | "connection"> & { readonly input?: unknown };

/** Stores a write that has to wait. Throws `too_large` from `caller`. */
export async function askApproval(ctx: AgentContext, asked: Asked): Promise<ApprovalView> {
  const { agent, tool, connection, input = {} } = asked;
  if (JSON.stringify(input).length > MAX_INPUT_CHARACTERS) throw tooLarge();
  const nowMs = ctx.clock.now();
  // Sorts by time.
  const id = `${nowMs.toString(36).padStart(9, "0")}-${ctx.random.uuid()}`;
  const row: Approval = {
    kind: "approval",
    id,
    agent,
    tool,
    connection,
    input: await sealJson(ctx, { approval: id, field: "input" }, input),
    status: "pending",
    requestedAtMs: nowMs,
    expiresAtMs: nowMs + APPROVAL_MS,
    decidedBy: null,
    decidedAtMs: null,
    lease: null,
    result: null,
    fault: null,
  };
  await note(ctx, { agent, who: agent, tool, connection, outcome: "pending", approval: id });
  await ctx.approvals.create(row, { ttlSeconds: APPROVAL_KEPT_SECONDS });
  return view(row, nowMs);
}

/** Newest first. */
export async function listApprovals(
  ctx: AgentContext,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
) {
  const page = await ctx.approvals.list("approval", { order: "desc", limit, after });
  const items = page.items.map(({ value }) => view(value, ctx.clock.now()));
  return { items, cursor: page.cursor ?? null };
}

/**
 * One approval with its answer. `agent` is who asks, where it is an agent: it sees only its own, and not again what it
 * sent. Anybody else sees the input, too, since it is what is approved. Throws `not_found` from `caller`.
 */
export async function showApproval(ctx: AgentContext, id: string, agent: string | undefined) {
  const row = await find(ctx, id);
  if (agent !== undefined && row.agent !== agent) throw noSuchApproval();
  const opened = (field: "input" | "result", sealed: string): Promise<unknown> =>
    openJson(ctx, { approval: id, field }, sealed);
  return {
    ...view(row, ctx.clock.now()),
    ...(agent === undefined ? { input: await opened("input", row.input) } : {}),
    ...(row.result === null ? {} : { result: await opened("result", row.result) }),
  };
}

/**
 * Decides about a write that waits. To decide the same again changes nothing. Throws `failed_precondition` where it was
 * decided otherwise or has expired, and `permission_denied` for the agent itself, from `caller`.
 */
export async function decideApproval(
  ctx: AgentContext,
  id: string,
  decision: "approved" | "refused",
): Promise<ApprovalView> {
  const who = ctx.subject ?? "unknown";
  const row = await find(ctx, id);
  if (row.agent === who) throw ownRequest();
  check(row, decision, ctx.clock.now());
  if (row.status === "pending") {
    const { agent, tool, connection } = row;
    await note(ctx, { agent, who, tool, connection, outcome: decision, approval: id });
  }
  // Before it counts as approved: whoever dies in between leaves a message that finds nothing to do, not an approval
  // that nobody runs.
  if (decision === "approved") await send(ctx, id);
  const nowMs = ctx.clock.now();
  const entry = await ctx.approvals.update({ kind: "approval", id }, (current) => {
    if (current === undefined) return undefined;
    check(current, decision, nowMs);
    if (current.status !== "pending") return undefined;
    return { ...current, status: decision, decidedBy: who, decidedAtMs: nowMs };
  });
  if (entry === undefined) throw noSuchApproval();
  return view(entry.value, nowMs);
}

async function send(ctx: AgentContext, id: string): Promise<void> {
  const [sent] = await ctx.approved.send({ id });
  if (sent?.ok === false) throw sent.fault;
}

async function find(ctx: AgentContext, id: string): Promise<Approval> {
  const entry = await ctx.approvals.get({ kind: "approval", id });
  if (entry === undefined) throw noSuchApproval();
  return entry.value;
}

function check(row: Approval, decision: "approved" | "refused", nowMs: number): void {
  const { status } = view(row, nowMs);
  const isRefusal = decision === "refused";
  if (status === "pending" || (status === "refused" && isRefusal)) return;
  if (status !== "expired" && status !== "refused" && !isRefusal) return;
  const details = { status };
  throw new Fault(
    "failed_precondition",
    `agents.decide: this call is ${status} and cannot be ${decision}; the agent may ask again`,
    { origin: "caller", details },
  );
}

function view(row: Approval, nowMs: number): ApprovalView {
  const { kind: _kind, input: _input, result: _result, lease: _lease, ...shown } = row;
  const isExpired = row.status === "pending" && nowMs >= row.expiresAtMs;
  return { ...shown, status: isExpired ? "expired" : row.status };
}

function noSuchApproval(): Fault {
  return new Fault(
    "not_found",
    "agents.approval: there is no such approval; GET /v1/agents/approvals lists them",
    { origin: "caller" },
  );
}

function ownRequest(): Fault {
  return new Fault(
    "permission_denied",
    "agents.decide: nobody decides about their own call; ask somebody else",
    { origin: "caller" },
  );
}

function tooLarge(): Fault {
  return new Fault(
    "too_large",
    `agents.ask: a call that waits for approval may have ${MAX_INPUT_CHARACTERS} characters of input; send less`,
    { origin: "caller" },
  );
}
