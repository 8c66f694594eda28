import { AgentName, AgentPolicy } from "#shared/agents";
import { queue } from "#shared/queue";
import { store } from "#shared/state";
import * as z from "zod";

/** What an agent may do, and by which token it is known. */
export const Permission = z.object({
  /** Always the same: a tenant's agents are one list. */
  kind: z.literal("agent"),
  agent: AgentName,
  policy: AgentPolicy,
  /** SHA-256 of its token, in hexadecimal. */
  tokenDigest: z.string(),
  updatedAtMs: z.int(),
  /** The subject who gave it. */
  updatedBy: z.string(),
});
export type Permission = z.infer<typeof Permission>;

export const permissions = store("agent-permissions", {
  schema: Permission,
  partition: "kind",
  sort: "agent",
  ttl: true,
  acrossClouds: "home",
});

/** How many calls an agent has made on a day. */
export const agentCalls = store("agent-calls", {
  schema: z.object({ agent: AgentName, day: z.string(), calls: z.int() }),
  partition: "agent",
  sort: "day",
  ttl: true,
  acrossClouds: "home",
});

/** A write that waits for a person, and what became of it. */
export const Approval = z.object({
  /** Always the same: what waits is one list. */
  kind: z.literal("approval"),
  id: z.string(),
  agent: AgentName,
  tool: z.string(),
  connection: z.string(),
  /** Sealed: only a look at this one approval opens it, and its run. */
  input: z.string(),
  status: z.enum(["pending", "refused", "approved", "running", "done", "failed"]),
  requestedAtMs: z.int(),
  /** From then on nobody can approve it. */
  expiresAtMs: z.int(),
  decidedBy: z.string().nullable(),
  decidedAtMs: z.int().nullable(),
  /** The run that has it just now: what another one writes is not taken. */
  lease: z.object({ owner: z.string(), endsAtMs: z.int() }).nullable(),
  /** Sealed. */
  result: z.string().nullable(),
  fault: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Approval = z.infer<typeof Approval>;

export const approvals = store("agent-approvals", {
  schema: Approval,
  partition: "kind",
  sort: "id",
  ttl: true,
  acrossClouds: "home",
});

/** What an agent did, wanted to do, or what was decided about it. Never an input, never an answer. */
export const AuditRow = z.object({
  agent: AgentName,
  /** When, as text that sorts, and a name of its own. */
  at: z.string(),
  /** The agent, or the subject who decided. */
  who: z.string(),
  tool: z.string(),
  connection: z.string(),
  /** `started` stays where nobody could tell how a call ended. */
  outcome: z.enum(["started", "ok", "failed", "denied", "pending", "approved", "refused"]),
  /** Why it was denied, or the code it failed with. */
  code: z.string().nullable(),
  approval: z.string().nullable(),
  run: z.string().nullable(),
  /** What the call's run cost; `null` for what ran after an approval, whose runs say it. */
  costUsd: z.number().nullable(),
});
export type AuditRow = z.infer<typeof AuditRow>;

export const agentAudit = store("agent-audit", {
  schema: AuditRow,
  partition: "agent",
  sort: "at",
  ttl: true,
  acrossClouds: "home",
});

/** Says that an approval may be run. */
export const ApprovedCall = z.object({ id: z.string() });

/** So many attempts outlast a vendor's bad quarter of an hour. */
export const MAX_ATTEMPTS = 12;

export const approvedCalls = queue("agent-run", {
  schema: ApprovedCall,
  maxAttempts: MAX_ATTEMPTS,
  visibilitySeconds: 60,
});

/** An approval is decided within a day, or it lapses: what was right yesterday may be wrong today. */
export const APPROVAL_MS = 86_400_000;
/** For a month one can look up what became of an approval. */
export const APPROVAL_KEPT_SECONDS = 30 * 86_400;
/** 400 days: more than a year, so that a yearly review finds the last one. */
export const AUDIT_KEPT_SECONDS = 400 * 86_400;
