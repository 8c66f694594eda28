import type { BaseContext } from "#shared/function";
import type { AgentContext } from "./agent-uses.ts";
import { AUDIT_KEPT_SECONDS, type AuditRow } from "./stores.ts";

type Happened = Pick<AuditRow, "agent" | "who" | "tool" | "connection" | "outcome"> &
  Partial<Pick<AuditRow, "code" | "approval">>;

/**
 * Writes down what happens, before it does, and gives the row's name. Throws where it cannot be written: what nobody can
 * look up must not happen.
 */
export async function note(
  ctx: Pick<BaseContext, "clock" | "random"> & {
    readonly audit: Pick<AgentContext["audit"], "create">;
  },
  happened: Happened,
): Promise<string> {
  const at = `${new Date(ctx.clock.now()).toISOString()} ${ctx.random.uuid()}`;
  const row = { code: null, approval: null, run: null, costUsd: null, ...happened, at };
  await ctx.audit.create(row, { ttlSeconds: AUDIT_KEPT_SECONDS });
  return at;
}

/** An agent's rows, newest first. */
export async function listAudit(
  ctx: AgentContext,
  agent: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
) {
  const { items, cursor = null } = await ctx.audit.list(agent, { order: "desc", limit, after });
  return { items: items.map(({ value }) => value), cursor };
}
