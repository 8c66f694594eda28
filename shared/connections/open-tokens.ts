import type { Auth, AuthConnection } from "#shared/auth";
import type { Fault } from "#shared/errors";
import type { ClientScope } from "#shared/function";
import { openStore } from "#shared/state";
import { type KeyRing, openKeyRing } from "./key-ring.ts";
import type { OpenedFor, TokenCaller } from "./open-authorizer.ts";
import {
  connectionRecords,
  connectionTokens,
  type KeyPorts,
  recordKey,
  type TokenStore,
} from "./records.ts";
import { StoredTokens } from "./token-cache.ts";

/** Finds the tokens that belong to a method and what it is given. */
export type TokensOf = (method: Auth, connection: AuthConnection) => Promise<StoredTokens>;

/** Opens a connection's tokens. A refresh outlives the caller's signal: what a vendor gives out must reach the store. */
export function tokensOf(ports: KeyPorts, target: OpenedFor, caller: TokenCaller): TokensOf {
  const { tenant, integration, connection } = target;
  const scope: ClientScope = {
    tenant,
    traceparent: "",
    event: undefined,
    signal: new AbortController().signal,
  };
  const rows: TokenStore = openStore(connectionTokens, ports, scope);
  return async (method, opened) => {
    const keys = await openKeyRing(ports, scope);
    return new StoredTokens({
      rows,
      keys,
      clock: ports.clock,
      random: ports.random,
      integration,
      connection,
      slot: slotOf(method, opened, keys),
      owner: caller.id,
      defer: (label, work) => caller.defer(label, work),
      onRevoked: (fault) => markUnhealthy(ports, scope, target, fault),
      signal: caller.signal,
      remainingMs: () => caller.remainingMs(),
    });
  };
}

/** What tokens are obtained with names them, so that changed credentials never meet the tokens of old ones. */
function slotOf(method: Auth, { credentials, config }: AuthConnection, keys: KeyRing): string {
  if (method.kind === "oauth2") return method.kind;
  const { fields, config: _, ...data } = method;
  const given = Object.keys(fields).map((field) => [
    field,
    credentials.get(field)?.reveal() ?? null,
  ]);
  return keys.digest(JSON.stringify([data, given, config]));
}

async function markUnhealthy(
  ports: KeyPorts,
  scope: ClientScope,
  { integration, connection }: OpenedFor,
  { code, message }: Fault,
): Promise<void> {
  const records = openStore(connectionRecords, ports, scope);
  const checkedAtMs = ports.clock.now();
  await records.update(
    recordKey(integration, connection),
    (record) =>
      record && {
        ...record,
        health: { status: "unhealthy", checkedAtMs, fault: { code, message } },
      },
  );
}
