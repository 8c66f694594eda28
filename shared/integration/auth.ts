import type { Redacted } from "#shared/secrets";

/** A credential of a connection. Kept in the vault as `connections/<tenant>/<integration>/<connection>/<field>`. */
export type SecretField = {
  /** What the vendor calls it, for the connect form. */
  readonly label: string;
  /** Whether actions need it. */
  readonly required: boolean;
  readonly secret: true;
};

type Fields<Names extends string> = Readonly<Record<Names, SecretField>> &
  Readonly<Record<string, SecretField>>;

/** How an integration proves who it is, as data. Field names are kebab-case. */
export type Auth =
  | { readonly kind: "bearer"; readonly fields: Fields<"token"> }
  | { readonly kind: "basic"; readonly fields: Fields<"username" | "password"> }
  | { readonly kind: "header"; readonly header: string; readonly fields: Fields<"token"> }
  | { readonly kind: "none"; readonly fields: Fields<never> };

/** A connection's credentials by field; absent ones are not in it. */
export type Credentials = ReadonlyMap<string, Redacted>;

/** The headers that authenticate a request; none where the credentials are not there. */
export function authHeaders(auth: Auth, credentials: Credentials): Record<string, string> {
  const reveal = (field: string): string | undefined => credentials.get(field)?.reveal();
  switch (auth.kind) {
    case "bearer": {
      const token = reveal("token");
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    }
    case "header": {
      const token = reveal("token");
      return token === undefined ? {} : { [auth.header]: token };
    }
    case "basic": {
      const [username, password] = [reveal("username"), reveal("password")];
      if (username === undefined || password === undefined) return {};
      const pair = Buffer.from(`${username}:${password}`).toString("base64");
      return { authorization: `Basic ${pair}` };
    }
    case "none":
      return {};
  }
}
