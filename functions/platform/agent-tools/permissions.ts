import { createHash, timingSafeEqual } from "node:crypto";
import type { AgentPolicy } from "#shared/agents";
import { Fault } from "#shared/errors";
import type { AgentContext } from "./agent-uses.ts";
import type { Permission } from "./stores.ts";

/** What may be seen of a permission. */
type Shown = Omit<Permission, "kind" | "tokenDigest">;

/**
 * Gives an agent its permissions. The token is in the answer when there was none before, or a new one is asked for; it is
 * stored only as its digest. Throws `permission_denied` from `caller` for the caller's own name.
 */
export async function givePermission(
  ctx: AgentContext,
  agent: string,
  { rotateToken, ...policy }: AgentPolicy & { readonly rotateToken: boolean },
): Promise<Shown & { readonly token?: string }> {
  if (agent === ctx.subject) throw ownName();
  const token = `agt_${agent}.${Buffer.from(ctx.random.bytes(32)).toString("base64url")}`;
  const given = { updatedAtMs: ctx.clock.now(), updatedBy: ctx.subject ?? "unknown" };
  const fresh = digestOf(token);
  const entry = await ctx.permissions.update({ kind: "agent", agent }, (current) => {
    const isKept = current !== undefined && !rotateToken;
    const tokenDigest = isKept ? current.tokenDigest : fresh;
    return { kind: "agent", agent, policy, tokenDigest, ...given };
  });
  if (entry === undefined) throw noSuchAgent();
  const shown = show(entry.value);
  return entry.value.tokenDigest === fresh ? { ...shown, token } : shown;
}

export async function listPermissions(ctx: AgentContext): Promise<readonly Shown[]> {
  const { items } = await ctx.permissions.list("agent", { limit: 1_000 });
  return items.map(({ value }) => show(value));
}

/** Throws `not_found` from `caller` for an agent that has none. */
export async function readPermission(
  ctx: { readonly permissions: Pick<AgentContext["permissions"], "get"> },
  agent: string,
): Promise<Permission> {
  const entry = await ctx.permissions.get({ kind: "agent", agent });
  if (entry === undefined) throw noSuchAgent();
  return entry.value;
}

export async function showPermission(ctx: AgentContext, agent: string): Promise<Shown> {
  return show(await readPermission(ctx, agent));
}

/** From the next call on the agent's token opens nothing. */
export async function takePermission(ctx: AgentContext, agent: string): Promise<void> {
  await readPermission(ctx, agent);
  await ctx.permissions.delete({ kind: "agent", agent }, { ifRev: "any" });
}

/** The policy of the agent whose token has this digest. Throws `unauthenticated` from `caller`, the same for each reason. */
export async function openSession(
  ctx: AgentContext,
  { agent, digest }: { readonly agent: string; readonly digest: string },
): Promise<{ readonly agent: string; readonly policy: AgentPolicy }> {
  const entry = await ctx.permissions.get({ kind: "agent", agent });
  const expected = Buffer.from(entry?.value.tokenDigest ?? "0".repeat(64), "hex");
  const isKnown = timingSafeEqual(expected, Buffer.from(digest, "hex"));
  if (entry !== undefined && isKnown) return { agent, policy: entry.value.policy };
  throw new Fault(
    "unauthenticated",
    "agents.session: no agent has this token; ask for a new one at /v1/agents/permissions",
    { origin: "caller" },
  );
}

function show({ agent, policy, updatedAtMs, updatedBy }: Permission): Shown {
  return { agent, policy, updatedAtMs, updatedBy };
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function noSuchAgent(): Fault {
  return new Fault(
    "not_found",
    "agents.find: there is no such agent; PUT /v1/agents/permissions/<agent> makes one",
    { origin: "caller" },
  );
}

function ownName(): Fault {
  return new Fault(
    "permission_denied",
    "agents.permit: nobody gives permissions to themselves; choose another name for the agent",
    { origin: "caller" },
  );
}
