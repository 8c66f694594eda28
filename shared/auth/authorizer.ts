import type { HttpRequest } from "#shared/http";
import type { Auth } from "./auth.ts";
import { type AuthConnection, authorizeAsGiven, withHeader } from "./authorize.ts";
import type { TokenPorts } from "./token-endpoint.ts";
import type { Obtain, TokenCache, TokenMethod } from "./tokens.ts";

/**
 * Adds to a request what proves who sends it. After the vendor has refused that it is asked once more, with `refused`:
 * `undefined` says that there is no other proof. `service` is whom a signature is for, where not the method's.
 */
export type Authorizer = (
  request: HttpRequest,
  refused: boolean,
  service?: string,
) => Promise<HttpRequest | undefined>;

/** What an authorizer works with. */
export type AuthorizerOptions = {
  readonly connection: AuthConnection;
  readonly ports: TokenPorts;
  readonly cache: TokenCache;
};

/** Opens a method of authentication for one connection. What has to be computed or fetched is loaded on first use. */
export function createAuthorizer(method: Auth, options: AuthorizerOptions): Authorizer {
  const { connection, ports } = options;
  switch (method.kind) {
    case "aws-sigv4":
      return async (request, refused, service = method.service) =>
        refused ? undefined : signed({ ...method, service }, connection, ports, request);
    case "oauth2":
    case "client-credentials":
    case "service-account":
    case "github-app":
    case "exchange":
      return withToken(method, options);
    default: {
      const authorize = authorizeAsGiven(method, connection.credentials);
      return async (request, refused) => (refused ? undefined : authorize(request));
    }
  }
}

function withToken(
  method: TokenMethod,
  { connection, ports, cache }: AuthorizerOptions,
): Authorizer {
  const obtain: Obtain = async (refreshToken) => {
    const { obtainTokens } = await import("./obtain-tokens.ts");
    return obtainTokens(method, connection, ports, refreshToken);
  };
  const prefix = method.kind === "exchange" ? (method.prefix ?? "Bearer ") : "Bearer ";
  let last: string | undefined;
  return async (request, refused) => {
    const own = await selfSigned(method, connection, ports);
    if (own !== undefined && refused) return undefined;
    last = own ?? (await cache.token(obtain, refused ? last : undefined));
    return withHeader("authorization", prefix, last)(request);
  };
}

async function selfSigned(
  method: TokenMethod,
  connection: AuthConnection,
  ports: TokenPorts,
): Promise<string | undefined> {
  if (method.kind !== "service-account" || method.audience === undefined) return undefined;
  const { selfSignedToken } = await import("./google-account.ts");
  return selfSignedToken(method.audience, connection, ports.clock.now());
}

async function signed(
  method: Extract<Auth, { kind: "aws-sigv4" }>,
  { credentials, config }: AuthConnection,
  { clock }: TokenPorts,
  request: HttpRequest,
): Promise<HttpRequest> {
  const reveal = (field: string): string => credentials.get(field)?.reveal() ?? "";
  const keys = {
    accessKeyId: reveal("access-key-id"),
    secretAccessKey: reveal("secret-access-key"),
    sessionToken: credentials.get("session-token")?.reveal(),
  };
  const { signAws } = await import("./sign-aws.ts");
  const scope = {
    region: config["region"] ?? "",
    service: method.service,
    nowMs: clock.now(),
    unsignedPayload: method.unsignedPayload === true,
  };
  return { ...request, headers: { ...request.headers, ...signAws(request, keys, scope) } };
}
