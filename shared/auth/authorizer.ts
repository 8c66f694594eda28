import { Fault } from "#shared/errors";
import type { HttpRequest } from "#shared/http";
import type { Auth } from "./auth.ts";
import { type AuthConnection, authorizeAsGiven, withHeader } from "./authorize.ts";
import type { TokenPorts } from "./token-endpoint.ts";
import { isRevoked, type Obtain, type TokenCache, type TokenMethod } from "./tokens.ts";

/**
 * Sends a request with what proves who sends it. Where the vendor refuses a token that was kept, another one is obtained
 * and the request sent once more: a request that was refused so has had no effect.
 */
export type Authorizer = <T>(
  request: HttpRequest,
  send: (authorized: HttpRequest) => Promise<T>,
) => Promise<T>;

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
      return async (request, send) => send(await signed(method, connection, ports, request));
    case "oauth2":
    case "client-credentials":
    case "service-account":
    case "github-app":
    case "exchange":
      return withToken(method, options);
    default: {
      const authorize = authorizeAsGiven(method, connection.credentials);
      return (request, send) => send(authorize(request));
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
  return async (request, send) => {
    const own = await selfSigned(method, connection, ports);
    if (own !== undefined) return send(withHeader("authorization", prefix, own)(request));
    const token = await cache.token(obtain);
    try {
      return await send(withHeader("authorization", prefix, token)(request));
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      const fresh = await cache.token(obtain, token);
      return send(withHeader("authorization", prefix, fresh)(request));
    }
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

/** The vendor does not take the token; that it would not take another one either is not said yet. */
function isRefusal(thrown: unknown): boolean {
  if (!Fault.is(thrown) || isRevoked(thrown)) return false;
  return thrown.code === "unauthenticated" && thrown.origin === "upstream";
}
