import type { HttpRequest } from "#shared/http";
import type { Redacted } from "#shared/secrets";
import type { Auth } from "./auth.ts";
import type { ConfigValues } from "./config-values.ts";

/** A connection's credentials by field; absent ones are not in it. */
export type Credentials = ReadonlyMap<string, Redacted>;

/** A connection as authentication sees it. */
export type AuthConnection = { readonly credentials: Credentials; readonly config: ConfigValues };

/** Adds to a request what proves who sends it. */
export type Authorize = (request: HttpRequest) => HttpRequest;

/** Methods that put a credential into the request as it is. */
export type GivenMethod = Extract<
  Auth,
  { readonly kind: "none" | "bearer" | "basic" | "header" | "query" }
>;

/** Puts a credential into a request as it is; nothing is added where it is not there. */
export function authorizeAsGiven(method: GivenMethod, credentials: Credentials): Authorize {
  const reveal = (field: string): string | undefined => credentials.get(field)?.reveal();
  switch (method.kind) {
    case "none":
      return (request) => request;
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
  }
}

/** Sends a value in a header; nothing where there is none. */
export function withHeader(name: string, prefix: string, value: string | undefined): Authorize {
  return (request) =>
    value === undefined
      ? request
      : { ...request, headers: { ...request.headers, [name]: prefix + value } };
}

function withQuery(name: string, value: string | undefined): Authorize {
  return (request) => {
    if (value === undefined) return request;
    const separator = request.url.includes("?") ? "&" : "?";
    const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    return { ...request, url: `${request.url}${separator}${pair}` };
  };
}
