import type { FunctionDefinition, Ports } from "#shared/function";
import { idempotentCalls, once } from "#shared/idempotency";
import { openStore } from "#shared/state";
import type { Invocation } from "./invocation.ts";

/** What of a definition fences its keyed invocations. */
export type Fenced = Pick<FunctionDefinition, "name" | "limits" | "idempotencyTtlSeconds">;

/** Runs a handler at most once per tenant, function and key; a repeat within the time gets the stored answer. */
export async function runOnce(
  ports: Ports,
  invocation: Invocation,
  { name, limits, idempotencyTtlSeconds }: Fenced,
  key: string,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const call = {
    scope: name,
    key,
    // The key is computed from the input, so there is no second input to tell apart.
    fingerprint: key,
    leaseSeconds: limits.timeoutSeconds,
    ttlSeconds: idempotencyTtlSeconds ?? 86_400,
    nowMs: ports.clock.now(),
  };
  const { answer } = await once(openStore(idempotentCalls, ports, invocation), call, run);
  return answer;
}
