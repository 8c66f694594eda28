import type { ConnectionRecord } from "#shared/connections";
import { recordKey } from "#shared/connections";
import { Fault } from "#shared/errors";
import { bodyText, parseJson, type RawRequest, reply, type Reply } from "#shared/function";
import { DEFAULT_CONNECTION } from "#shared/integration";
import { historyOf } from "./audit.ts";
import { createConnection, deleteConnection, rotateConnection } from "./change-connection.ts";
import { checkConnection } from "./check-connection.ts";
import { beginConsent, endConsent } from "./consent.ts";
import { readState, refused } from "./consent-state.ts";
import { describeForm, readCredentials } from "./credentials-input.ts";
import {
  type ConnectContext,
  type Desk,
  keysOf,
  type Named,
  noSuchConnection,
  openDesk,
} from "./desk.ts";

/** Finds an integration by its id; throws `not_found` from `caller` for one that does not exist. */
export type FindIntegration = (id: string) => Promise<Omit<Named, "name">>;

/** Answers `/v1/connections…` for the caller's tenant. No answer holds a credential. */
export async function serveConnections(
  find: FindIntegration,
  ctx: ConnectContext,
  request: RawRequest,
): Promise<Reply> {
  const desk = openDesk(ctx, ctx.tenant, ctx.subject ?? "unknown");
  const { integration: id, connection, operation } = request.params;
  if (id === undefined) return reply(200, { items: await listAll(desk) });
  const found = await find(id);
  if (connection === undefined) {
    if (request.method === "POST") return create(desk, found, request);
    return reply(200, { ...describeForm(found.integration), items: await listAll(desk, `${id}/`) });
  }
  const named: Named = { ...found, name: connection };
  if (operation !== undefined) return operate(desk, named, operation, request);
  if (request.method !== "DELETE") return show(desk, named);
  if (await deleteConnection(desk, named)) return reply(204);
  throw noSuchConnection(named);
}

/** Answers a vendor's consent page: `GET /v1/oauth/:integration/callback`, in words for the person who looks at it. */
export async function serveConsent(
  find: FindIntegration,
  ctx: ConnectContext,
  request: RawRequest,
): Promise<Reply> {
  const parameters = new URLSearchParams(request.query);
  const text = (name: string): string | undefined => parameters.get(name) ?? undefined;
  try {
    const state = await readState(ctx.connections.ports, text("state") ?? "");
    if (state.integration !== request.params["integration"])
      throw refused("came to the wrong address");
    const named = { ...(await find(state.integration)), name: state.name };
    const answer = {
      code: text("code"),
      error: text("error"),
      description: text("error_description"),
    };
    await endConsent(openDesk(ctx, state.tenant, "consent page"), named, state, answer);
    return page(
      200,
      `${named.integration.title} is connected as "${state.name}". You can close this page.`,
    );
  } catch (thrown) {
    if (!Fault.is(thrown)) throw thrown;
    ctx.log.warn("consent failed", { reason: `${thrown.code}: ${thrown.message}` });
    return page(400, thrown.message);
  }
}

/** Plain text that no browser takes for more, and that hands the code in its address to nobody. */
function page(status: number, text: string): Reply {
  return reply(status, `${text}\n`, {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  });
}

async function create(desk: Desk, found: Omit<Named, "name">, request: RawRequest): Promise<Reply> {
  const given = readCredentials(found.integration, body(request));
  const named = { ...found, name: given.name ?? DEFAULT_CONNECTION };
  return reply(201, view(await createConnection(desk, named, given)));
}

async function operate(
  desk: Desk,
  named: Named,
  operation: string,
  request: RawRequest,
): Promise<Reply> {
  switch (operation) {
    case "test":
      return reply(200, await checkConnection(desk, named));
    case "rotate":
      return reply(
        200,
        view(
          await rotateConnection(desk, named, readCredentials(named.integration, body(request))),
        ),
      );
    case "authorize":
      return reply(200, await beginConsent(desk, named));
    default:
      throw new Fault(
        "not_found",
        "connections.operate: there is no such operation; there are test, rotate and authorize",
        { origin: "caller" },
      );
  }
}

async function show(desk: Desk, named: Named): Promise<Reply> {
  const key = recordKey(named.integration.id, named.name);
  const entry = await desk.records.get(key);
  if (entry === undefined) throw noSuchConnection(named);
  return reply(200, { ...view(entry.value), history: await historyOf(desk.audit, key.id) });
}

async function listAll(desk: Desk, prefix = ""): Promise<readonly object[]> {
  // A listing is what an operator does after a change of the master key: it wraps the tenant's data key anew.
  const [page] = await Promise.all([
    desk.records.list("connection", { prefix, limit: 1_000 }),
    keysOf(desk),
  ]);
  return page.items.map(({ value }) => view(value));
}

/** What may be seen of a connection: names of its credentials, and their versions. */
function view({ integration, name, version, fields, ...rest }: ConnectionRecord): object {
  const { config, createdAtMs, updatedAtMs, health } = rest;
  const set = Object.entries(fields).map(([field, { version: of }]) => ({
    name: field,
    version: of,
  }));
  return { integration, name, version, fields: set, config, createdAtMs, updatedAtMs, health };
}

function body(request: RawRequest): unknown {
  return parseJson(bodyText(request) || "{}", { name: "connections.body" });
}
