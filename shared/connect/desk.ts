import {
  connectionRecords,
  connectionTokens,
  type KeyRing,
  loadSealing,
  type RecordStore,
  type TokenStore,
} from "#shared/connections";
import { Fault } from "#shared/errors";
import {
  type ForReceiver,
  forReceiver,
  type Integration,
  type Served,
  type VendorContext,
} from "#shared/integration";
import { type AuditStore, connectionAudit } from "./audit.ts";
import { type ConsentStore, pendingConsents } from "./consent-store.ts";

type Stores = {
  readonly records: Pick<RecordStore, "get" | "create" | "update" | "delete" | "list">;
  readonly tokens: Pick<TokenStore, "list" | "delete">;
  readonly audit: AuditStore;
  readonly consents: ConsentStore;
};

/** Permission to change connections: each store opens for the tenant that the call proves. */
export const deskGrants = {
  records: forReceiver(connectionRecords.grant("get", "create", "update", "delete", "list")),
  tokens: forReceiver(connectionTokens.grant("get", "create", "put", "update", "list", "delete")),
  audit: forReceiver(connectionAudit.grant("create", "list")),
  consents: forReceiver(pendingConsents.grant("create", "get", "delete")),
};

/** What changing connections needs of its invocation. */
export type ConnectContext = VendorContext & {
  readonly [Name in keyof Stores]: ForReceiver<Stores[Name]>;
};

/** Where one tenant's connections are changed, and who changes them. */
export type Desk = Stores & {
  readonly ctx: VendorContext;
  readonly tenant: string;
  readonly who: string;
};

/** One connection of an integration that is ready to be called. */
export type Named = {
  readonly integration: Integration;
  readonly name: string;
  readonly served: Served;
};

/** Opens a tenant's connections for `who`. */
export function openDesk(ctx: ConnectContext, tenant: string, who: string): Desk {
  const receiver = { tenant, event: ctx.event ?? "" };
  return {
    ctx,
    tenant,
    who,
    records: ctx.records(receiver),
    tokens: ctx.tokens(receiver),
    audit: ctx.audit(receiver),
    consents: ctx.consents(receiver),
  };
}

/** The tenant's key ring. */
export async function keysOf({ ctx, tenant }: Desk): Promise<KeyRing> {
  const { openKeyRing } = await loadSealing();
  const { signal, event } = ctx;
  const scope = { tenant, traceparent: ctx.trace.traceparent, event, signal };
  return openKeyRing(ctx.connections.ports, scope);
}

/** The fault for a connection that was not created. */
export function noSuchConnection({ integration, name }: Omit<Named, "served">): Fault {
  return new Fault(
    "not_found",
    `connections.find: ${integration.id} has no connection "${name}" of this tenant's making; POST /v1/connections/${integration.id} creates one`,
    { origin: "caller" },
  );
}
