import { Fault } from "#shared/errors";
import * as z from "zod";
import type { AuthConnection } from "./authorize.ts";
import { clientProof, required } from "./client-proof.ts";
import { expand } from "./config-values.ts";
import { googleTokens } from "./google-account.ts";
import { exchangeGrant } from "./oauth-grant.ts";
import { signJwt, validFor } from "./sign-jwt.ts";
import { at, noToken, readTokens } from "./token-answer.ts";
import { askForTokens, type TokenPorts, type TokenRequest } from "./token-endpoint.ts";
import type { IssuedTokens, TokenMethod } from "./tokens.ts";

type Ask = (request: TokenRequest) => Promise<unknown>;
type Of<Kind extends TokenMethod["kind"]> = Extract<TokenMethod, { kind: Kind }>;

/**
 * Exchanges credentials, or a refresh token, for an access token. Throws as `askForTokens`, `internal` from `upstream`
 * for an answer without a token, and `failed_precondition` from `caller` where a credential is missing or malformed.
 */
export async function obtainTokens(
  method: TokenMethod,
  connection: AuthConnection,
  ports: TokenPorts,
  refreshToken: string | undefined,
): Promise<IssuedTokens> {
  const ask: Ask = (request) => askForTokens(request, connection.credentials, ports);
  const nowMs = ports.clock.now();
  switch (method.kind) {
    case "oauth2": {
      if (refreshToken === undefined) throw notConsented();
      const form = { grant_type: "refresh_token", refresh_token: refreshToken };
      return exchangeGrant(method, connection, ports, form, refreshToken);
    }
    case "client-credentials":
      return applicationTokens(method, connection, ask, nowMs);
    case "service-account":
      return googleTokens(method, connection, ask, nowMs);
    case "github-app":
      return installationTokens(method, connection, ask, nowMs);
    case "exchange":
      return exchangedTokens(method, connection, ask, nowMs);
  }
}

async function applicationTokens(
  method: Of<"client-credentials">,
  { credentials, config }: AuthConnection,
  ask: Ask,
  nowMs: number,
): Promise<IssuedTokens> {
  const scope = method.scopes.map((one) => expand(one, config)).join(" ");
  const proof = clientProof(method.clientAuth, credentials);
  const answer = await ask({
    url: expand(method.tokenUrl, config),
    repeatable: true,
    headers: proof.headers,
    form: {
      grant_type: "client_credentials",
      ...method.parameters,
      ...(scope === "" ? {} : { scope }),
      ...proof.form,
    },
  });
  return readTokens(answer, nowMs, undefined);
}

const Installation = z.object({ token: z.string().min(1), expires_at: z.string() });

// https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app
async function installationTokens(
  method: Of<"github-app">,
  { credentials, config }: AuthConnection,
  ask: Ask,
  nowMs: number,
): Promise<IssuedTokens> {
  const claims = { iss: config["app-id"] ?? "", ...validFor(nowMs, 600) };
  const jwt = signJwt(claims, required(credentials, "private-key"));
  const url = expand(`${method.apiUrl}/app/installations/{installation-id}/access_tokens`, config);
  const answer = await ask({
    url,
    repeatable: true,
    headers: { authorization: `Bearer ${jwt}`, accept: "application/vnd.github+json" },
    json: {},
  });
  const issued = Installation.safeParse(answer);
  const expiresAtMs = Date.parse(issued.data?.expires_at ?? "");
  if (!issued.success || Number.isNaN(expiresAtMs)) throw noToken();
  return { accessToken: issued.data.token, refreshToken: undefined, expiresAtMs };
}

async function exchangedTokens(
  method: Of<"exchange">,
  { credentials, config }: AuthConnection,
  ask: Ask,
  nowMs: number,
): Promise<IssuedTokens> {
  const json: Record<string, string> = {};
  for (const [name, field] of Object.entries(method.body)) {
    json[name] = config[field] ?? required(credentials, field);
  }
  const answer = await ask({ url: expand(method.tokenUrl, config), repeatable: true, json });
  const { lifetime } = method;
  const seconds = "seconds" in lifetime ? lifetime.seconds : Number(at(answer, lifetime.path));
  const token = at(answer, method.tokenPath);
  if (typeof token !== "string" || token === "" || !(seconds > 0)) throw noToken();
  return { accessToken: token, refreshToken: undefined, expiresAtMs: nowMs + seconds * 1000 };
}

function notConsented(): Fault {
  return new Fault(
    "failed_precondition",
    "auth.token: nobody has given this connection access, or the access ended; connect it and follow the address",
    { origin: "caller", details: { revoked: true, reason: "it has nobody's consent" } },
  );
}
