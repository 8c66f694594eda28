import { connectionGrants, type KeyRing, loadSealing, MASTER_KEY } from "#shared/connections";
import type { ActionCall, Context, Grant } from "#shared/function";
import { agentAudit, agentCalls, approvals, approvedCalls, permissions } from "./stores.ts";

/** Permission to seal what is stored and to open it again. */
const keyRing: Grant<() => Promise<KeyRing>> = {
  kind: "secret",
  resource: MASTER_KEY,
  verbs: ["read"],
  connect: (ports, scope) => async () => (await loadSealing()).openKeyRing(ports, scope),
};

type AnyAction = (
  call: Pick<ActionCall, "action" | "connection" | "input"> & { readonly idempotencyKey: string },
) => Promise<unknown>;

/** Permission to call any action: which one it is, a person has approved. */
const anyAction: Grant<AnyAction> = {
  kind: "action",
  resource: "*",
  verbs: ["call"],
  connect: (ports, { tenant, traceparent, event, signal }) => {
    const scope = { tenant, traceparent, event };
    return (call) => ports.actions.call({ ...call, ...scope }, signal);
  },
};

/** What the HTTP function works with. */
export const agentUses = {
  permissions: permissions.grant("get", "create", "update", "delete", "list"),
  calls: agentCalls.grant("update"),
  approvals: approvals.grant("get", "create", "update", "list"),
  audit: agentAudit.grant("create", "update", "list"),
  approved: approvedCalls.grant("send"),
  dataKeys: connectionGrants.dataKeys,
  keyRing,
};

/** What running an approved call works with. */
export const runUses = {
  permissions: permissions.grant("get"),
  approvals: approvals.grant("get", "update"),
  audit: agentAudit.grant("create"),
  dataKeys: connectionGrants.dataKeys,
  keyRing,
  act: anyAction,
};

export type AgentContext = Context<typeof agentUses>;
export type RunContext = Context<typeof runUses>;
