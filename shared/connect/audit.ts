import { store, type Store } from "#shared/state";
import * as z from "zod";
import type { Desk } from "./desk.ts";

export const ConnectionEvent = z.object({
  /** `<integration>/<name>`. */
  connection: z.string(),
  /** When, as text that sorts, and which invocation. */
  at: z.string(),
  what: z.enum(["created", "rotated", "deleted", "consented", "refused"]),
  /** The subject of the key that the call came with, or that the consent was begun with. */
  who: z.string(),
  /** Names of the fields that were given, never their values. */
  fields: z.array(z.string()),
});

export type ConnectionEvent = z.infer<typeof ConnectionEvent>;

/** What was done to connections, by whom and when. Outlives the connections. */
export const connectionAudit = store("connection-audit", {
  schema: ConnectionEvent,
  partition: "connection",
  sort: "at",
  ttl: true,
});

export type AuditStore = Pick<
  Store<ConnectionEvent, Pick<ConnectionEvent, "connection" | "at">>,
  "create" | "list"
>;

/** 400 days: more than a year, so that a yearly review finds the last one. */
const KEPT_SECONDS = 400 * 86_400;

/** Writes down a change. Throws where it cannot be written: what nobody can look up must not happen. */
export async function record(
  { audit, ctx, who }: Pick<Desk, "audit" | "ctx" | "who">,
  event: Pick<ConnectionEvent, "connection" | "what" | "fields">,
): Promise<void> {
  const at = `${new Date(ctx.clock.now()).toISOString()} ${ctx.id}`;
  await audit.create({ ...event, at, who }, { ttlSeconds: KEPT_SECONDS });
  ctx.log.info("connection changed", { connection: event.connection, what: event.what, who });
}

/** The newest changes of a connection. */
export async function historyOf(
  audit: AuditStore,
  connection: string,
): Promise<readonly Omit<ConnectionEvent, "connection">[]> {
  const { items } = await audit.list(connection, { order: "desc", limit: 20 });
  return items.map(({ value: { connection: _, ...event } }) => event);
}
