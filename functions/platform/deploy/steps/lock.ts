import type { Clients } from "#shared/function";
import type { Outcome } from "../decide.ts";
import { type Deployment, locks, RETENTION_SECONDS } from "../deployment.ts";

export const lockUses = { locks: locks.grant("update", "get", "delete") };
type Context = Clients<typeof lockUses>;

/** Takes the target for this deployment, or waits for the one that has it. */
export async function takeLock(ctx: Context, { repository, id }: Deployment): Promise<Outcome> {
  const held = await ctx.locks.update(
    { group: "all", repository },
    (current) => (current === undefined ? { group: "all", repository, id } : undefined),
    { ttlSeconds: RETENTION_SECONDS },
  );
  if (held?.value.id === id) return { kind: "done" };
  const reason = `waiting for ${held?.value.id ?? "another deployment"}`;
  return { kind: "wait", reason, afterSeconds: 30 };
}

/** Leaves the target to the next deployment. */
export async function leaveLock(ctx: Context, { repository, id }: Deployment): Promise<Outcome> {
  const held = await ctx.locks.get({ group: "all", repository });
  if (held?.value.id === id) {
    await ctx.locks.delete({ group: "all", repository }, { ifRev: held.rev });
  }
  return { kind: "done" };
}
