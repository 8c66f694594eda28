import { type ConnectionRecord, recordKey } from "#shared/connections";
import { toFault } from "#shared/errors";
import { loadActions } from "#shared/integration";
import type { Desk, Named } from "./desk.ts";

/** What a check found out. */
export type Checked = ConnectionRecord["health"] & { readonly sandbox: boolean };

/**
 * Runs the integration's health action with a connection and writes down what came of it. A failure of the vendor's is
 * a finding, not a failure of the check; what the caller has to do is in it. Throws `not_found` from `caller` for a
 * connection that neither was created nor is in the vault.
 */
export async function checkConnection({ ctx, records }: Desk, named: Named): Promise<Checked> {
  const { integration, name, served } = named;
  const call = { action: integration.health, connection: name, key: ctx.id };
  let sandbox = false;
  let fault: Checked["fault"] = null;
  try {
    const { openAction } = await loadActions();
    const { opened, target } = await openAction(served, call, ctx);
    sandbox = target.sandboxed;
    await integration.actions[integration.health]?.prepare({}).run(opened.api);
  } catch (thrown) {
    const { code, message, origin } = toFault(thrown);
    if (code === "not_found" && origin === "caller") throw thrown;
    fault = { code, message };
  }
  const checkedAtMs = ctx.clock.now();
  const health = { status: fault === null ? "healthy" : "unhealthy", checkedAtMs, fault } as const;
  await records.update(
    recordKey(integration.id, name),
    (current) => current && { ...current, health },
  );
  return { ...health, sandbox };
}
