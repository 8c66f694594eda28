import { createHash } from "node:crypto";
import { type AuthConnection, loadConsent, type OAuth2, readConfig } from "#shared/auth";
import { loadSealing, recordKey } from "#shared/connections";
import { Fault } from "#shared/errors";
import { requiredSetting } from "#shared/function";
import { authOrigin, fieldNames } from "#shared/integration";
import { Redacted } from "#shared/secrets";
import { record } from "./audit.ts";
import { type ConsentState, refused, signState } from "./consent-state.ts";
import { type Desk, keysOf, type Named } from "./desk.ts";

/** https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1 asks for short; people have to log in first. */
const CONSENT_SECONDS = 600;

/**
 * Begins a consent: gives the address of the vendor's page, which answers to our own callback and nowhere else. Throws
 * `failed_precondition` from `caller` where the integration knows no consent or the application's credentials are missing.
 */
export async function beginConsent(desk: Desk, named: Named): Promise<{ readonly url: string }> {
  const { integration, name } = named;
  const { ctx, tenant } = desk;
  const method = consentMethod(named);
  const connection = await readConnection(desk, named, method);
  const token = (): string => Buffer.from(ctx.random.bytes(32)).toString("base64url");
  const [nonce, verifier] = [token(), token()];
  const endsAtMs = ctx.clock.now() + CONSENT_SECONDS * 1000;
  const { ports } = ctx.connections;
  const state = await signState(ports, {
    tenant,
    integration: integration.id,
    name,
    nonce,
    endsAtMs,
  });
  const redirectUri = redirectUriOf(desk, named);
  const keys = await keysOf(desk);
  const id = digest(nonce);
  await desk.consents.create(
    {
      id,
      integration: integration.id,
      name,
      verifier: keys.seal(placeOf(named, id), new Redacted(verifier)),
      redirectUri,
      subject: desk.who,
    },
    { ttlSeconds: CONSENT_SECONDS },
  );
  const { consentUrl } = await loadConsent();
  return { url: consentUrl(method, connection, { redirectUri, state, verifier }) };
}

/** What a consent page answered, in the words of OAuth 2. */
export type ConsentAnswer = {
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly description: string | undefined;
};

/**
 * Ends a consent with the page's answer: exchanges the code and stores the tokens. Throws `permission_denied` from
 * `caller` for an answer that was given before or to another consent, and what the vendor said where it refused.
 */
export async function endConsent(
  desk: Desk,
  named: Named,
  state: ConsentState,
  answer: ConsentAnswer,
): Promise<void> {
  const { integration, name } = named;
  const { ctx } = desk;
  const pending = await takePending(desk, state);
  const { id } = recordKey(integration.id, name);
  const who = { ...desk, who: pending.subject };
  if (answer.code === undefined) {
    await record(who, { connection: id, what: "refused", fields: [] });
    throw notGiven(named, answer);
  }
  const method = consentMethod(named);
  const connection = await readConnection(desk, named, method);
  const keys = await keysOf(desk);
  const verifier = keys.open(placeOf(named, pending.id), pending.verifier).reveal();
  const origin = authOrigin(ctx.connections.settings, integration.id);
  const { clock, random, signal } = ctx;
  const { exchangeCode } = await loadConsent();
  const issued = await exchangeCode(
    method,
    connection,
    {
      ...{ clock, random, signal, origin },
      sockets: named.served.sockets,
      remainingMs: () => ctx.remainingMs(),
    },
    { code: answer.code, redirectUri: pending.redirectUri, verifier },
  );
  await record(who, { connection: id, what: "consented", fields: [] });
  const target = { tenant: desk.tenant, integration: integration.id, connection: name };
  const { tokensOf } = await loadSealing();
  const tokens = await tokensOf(ctx.connections.ports, target, ctx)(method, connection);
  await tokens.begin(issued);
  const health = { status: "unknown", checkedAtMs: null, fault: null } as const;
  await desk.records.update(recordKey(integration.id, name), (row) => row && { ...row, health });
}

/** Gives a pending consent once: the second answer finds none. */
async function takePending(desk: Desk, { nonce, integration, name }: ConsentState) {
  const id = digest(nonce);
  const entry = await desk.consents.get({ id });
  if (entry === undefined) throw refused("was given before");
  const taken = await desk.consents.delete({ id }, { ifRev: entry.rev });
  if (!taken.ok) throw refused("was given before");
  if (entry.value.integration !== integration || entry.value.name !== name) {
    throw refused("belongs to another connection");
  }
  return entry.value;
}

function consentMethod({ integration }: Named): OAuth2 {
  const method = integration.auth.find(({ kind }) => kind === "oauth2");
  if (method?.kind === "oauth2") return method;
  throw new Fault(
    "failed_precondition",
    `connections.consent: ${integration.id} asks nobody for consent; store its credentials instead`,
    { origin: "caller" },
  );
}

async function readConnection(
  { ctx, tenant }: Desk,
  { integration, name }: Named,
  method: OAuth2,
): Promise<AuthConnection> {
  const names = fieldNames(integration);
  const credentials = await ctx.connections.read(tenant, name, names, integration.id);
  const given = Object.fromEntries(
    Object.keys(method.config ?? {}).map((field) => [field, credentials.get(field)?.reveal()]),
  );
  const where = { connection: `${integration.id}/${name}`, examples: false };
  return { credentials, config: readConfig(method.config ?? {}, given, where) };
}

// Never from a header of the request: the page would send the code to whoever wrote that.
function redirectUriOf({ ctx }: Desk, { integration }: Named): string {
  const { settings } = ctx.connections;
  const own = settings["AUTERITY_PUBLIC_URL"] ?? settings["AUTERITY_GATEWAY_URL"];
  const base =
    own ?? requiredSetting(settings, "AUTERITY_PUBLIC_URL", "the address people reach this at");
  return `${base.replace(/\/+$/, "")}/v1/oauth/${integration.id}/callback`;
}

function placeOf({ integration, name }: Named, id: string) {
  return { integration: integration.id, connection: name, field: `verifier ${id}`, version: 1 };
}

function digest(nonce: string): string {
  return createHash("sha256").update(nonce).digest("hex");
}

function notGiven({ integration }: Named, { error, description }: ConsentAnswer): Fault {
  const said = [error, description].filter((part) => part !== undefined).join(": ");
  const shown = said.replaceAll(/[^\w.,:/-]+/g, " ").slice(0, 200);
  return new Fault(
    "permission_denied",
    `connections.consent: ${integration.title} gave no access (${shown || "it sent no code"}); begin again and agree`,
    { origin: "caller" },
  );
}
