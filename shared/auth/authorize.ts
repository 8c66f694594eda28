import type { HttpRequest } from "#shared/http";
import type { Redacted } from "#shared/secrets";
import type { Auth } from "./auth.ts";

/** A connection's credentials by field; absent ones are not in it. */
export type Credentials = ReadonlyMap<string, Redacted>;

/** Adds to a request what proves who sends it. */
export type Authorize = (request: HttpRequest) => Promise<HttpRequest>;

/**
 * Methods that put a credential into the request as it is; nothing is added where it is not there. `undefined` for a
 * method that has to compute or to fetch something first.
 */
export function authorizeAsGiven(method: Auth, credentials: Credentials): Authorize | undefined {
  const reveal = (field: string): string | undefined => credentials.get(field)?.reveal();
  switch (method.kind) {
    case "none":
      return async (request) => request;
    case "bearer":
      return withHeader("authorization", "Bearer ", reveal("token"));
    case "header":
      return withHeader(method.header, method.prefix ?? "", reveal("token"));
    case "basic": {
      const [username, password] = [reveal("username"), reveal("password")];
      const pair =
        username === undefined || password === undefined
          ? undefined
          : Buffer.from(`${username}:${password}`).toString("base64");
      return withHeader("authorization", "Basic ", pair);
    }
    case "query":
      return withQuery(method.parameter, reveal("token"));
    default:
      return undefined;
  }
}

/** Sends a value in a header; nothing where there is none. */
export function withHeader(name: string, prefix: string, value: string | undefined): Authorize {
  return async (request) =>
    value === undefined
      ? request
      : { ...request, headers: { ...request.headers, [name]: prefix + value } };
}

function withQuery(name: string, value: string | undefined): Authorize {
  return async (request) => {
    if (value === undefined) return request;
    const separator = request.url.includes("?") ? "&" : "?";
    const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    return { ...request, url: `${request.url}${separator}${pair}` };
  };
}
