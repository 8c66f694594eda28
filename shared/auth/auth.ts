import type * as z from "zod";

/**
 * A credential of a connection. Kept encrypted with the connection, or in the vault as
 * `connections/<tenant>/<integration>/<connection>/<field>`.
 */
export type SecretField = {
  /** What the vendor calls it, for the connect form. */
  readonly label: string;
  /** Whether actions need it. */
  readonly required: boolean;
  readonly secret: true;
};

/**
 * What a connection must say beside its secrets: a region, a project, a site. Kept with the connection, or in the vault
 * under the same name as a secret. `{name}` stands for its value in `http.baseUrl` and in the addresses of a method.
 */
export type ConfigField = {
  readonly label: string;
  /** Narrow enough for where the value goes: what stands in a host name must not be able to name another host. */
  readonly schema: z.ZodType<string, string>;
  /** Used where a connection says nothing; a field without one is required. */
  readonly default?: string;
  /** Shown in the form, and what the sandbox works with. */
  readonly example: string;
};

type Fields<Names extends string> = Readonly<Record<Names, SecretField>> &
  Readonly<Record<string, SecretField>>;

type Config<Names extends string = never> = Readonly<Record<Names, ConfigField>> &
  Readonly<Record<string, ConfigField>>;

/** What every method of authentication says. Names of fields are kebab-case, and no secret is called as a config field. */
type Method<Kind extends string, Names extends string = never> = {
  readonly kind: Kind;
  /** For the connect form, where an integration has several methods. */
  readonly title?: string;
  readonly fields: Fields<Names>;
  readonly config?: Config;
  /** The only actions that use this method; all that no other method names, where it is left out. */
  readonly only?: readonly string[];
};

type Bearer = Method<"bearer", "token">;
type Basic = Method<"basic", "username" | "password">;
/** `prefix` stands before the token, with its space: `Key `. */
type Header = Method<"header", "token"> & { readonly header: string; readonly prefix?: string };
type Query = Method<"query", "token"> & { readonly parameter: string };

/** How a client proves itself at a token endpoint: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
export type ClientAuth = "basic" | "body";

/**
 * OAuth 2 on behalf of a person: https://www.rfc-editor.org/rfc/rfc6749#section-4.1. The application's own credentials
 * are the fields; tokens come from the consent and are never entered.
 */
export type OAuth2 = Method<"oauth2", "client-id" | "client-secret"> & {
  readonly authorizeUrl: `https://${string}`;
  readonly tokenUrl: `https://${string}`;
  readonly clientAuth: ClientAuth;
  readonly scopes: readonly string[];
  /** A space where it is left out. */
  readonly scopeSeparator?: string;
  /** Sent to the consent page as they are: `{ access_type: "offline" }`. */
  readonly authorizeParameters?: Readonly<Record<string, string>>;
  /** S256; off only where the vendor refuses the parameters. */
  readonly pkce: boolean;
  /**
   * `rotating`: each refresh gives a new refresh token and ends the old one. `stable`: the first one stays. `none`: access
   * tokens do not end.
   */
  readonly refresh: "rotating" | "stable" | "none";
  /** For how long the vendor still takes a refresh token that was replaced; 0 where it says nothing. */
  readonly graceSeconds?: number;
  /** Where in the answer the tokens are, where not at its top: `authed_user`. */
  readonly tokenPath?: string;
};

/** OAuth 2 on behalf of an application: https://www.rfc-editor.org/rfc/rfc6749#section-4.4, as Entra ID speaks it too. */
export type ClientCredentials = Method<"client-credentials", "client-id" | "client-secret"> & {
  readonly tokenUrl: `https://${string}`;
  readonly clientAuth: ClientAuth;
  readonly scopes: readonly string[];
  /** Sent along, such as `audience`. */
  readonly parameters?: Readonly<Record<string, string>>;
};

/**
 * A Google service account; the field is its JSON key file. With `scopes` an assertion is exchanged for an access token
 * (https://developers.google.com/identity/protocols/oauth2/service-account#httprest), with `audience` the assertion is
 * the token (https://developers.google.com/identity/protocols/oauth2/service-account#jwt-auth), and with
 * `idTokenAudience` it is exchanged for an ID token
 * (https://cloud.google.com/docs/authentication/get-id-token#sa-key). Addresses may hold `{config}`.
 */
export type ServiceAccount = Method<"service-account", "service-account"> &
  (
    | {
        readonly scopes: readonly string[];
        readonly audience?: never;
        readonly idTokenAudience?: never;
      }
    | { readonly audience: string; readonly scopes?: never; readonly idTokenAudience?: never }
    | { readonly idTokenAudience: string; readonly scopes?: never; readonly audience?: never }
  );

/** AWS Signature Version 4. `session-token` is an optional field of temporary credentials. */
export type AwsSigV4 = Omit<
  Method<"aws-sigv4", "access-key-id" | "secret-access-key" | "session-token">,
  "config"
> & {
  /** The signing name, such as `lambda`. */
  readonly service: string;
  readonly config: Config<"region">;
  /** S3 takes `UNSIGNED-PAYLOAD`: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
  readonly unsignedPayload?: boolean;
};

/**
 * An installation of a GitHub App: a signed token is exchanged for one of the installation.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
 */
export type GitHubApp = Omit<Method<"github-app", "private-key">, "config"> & {
  readonly apiUrl: `https://${string}`;
  readonly config: Config<"app-id" | "installation-id">;
};

/** Credentials that are posted for a token of limited life, in a form of the vendor's own. */
export type TokenExchange = Method<"exchange"> & {
  readonly tokenUrl: `https://${string}`;
  /** Members of the JSON body, each with the field it is filled from. */
  readonly body: Readonly<Record<string, string>>;
  /** The member of the answer that is the token. */
  readonly tokenPath: string;
  /** The life of a token: fixed, or the member of the answer that tells its seconds. */
  readonly lifetime: { readonly seconds: number } | { readonly path: string };
  /** Stands before the token in `authorization`; `Bearer ` where it is left out. */
  readonly prefix?: string;
};

/** How an integration proves who it is, as data. */
export type Auth =
  | Bearer
  | Basic
  | Header
  | Query
  | Method<"none">
  | OAuth2
  | ClientCredentials
  | ServiceAccount
  | AwsSigV4
  | GitHubApp
  | TokenExchange;

/** One method, or several in the order of preference: the first one with all its required fields is used. */
export type Auths = readonly [Auth, ...Auth[]];
