import { configFields, type Credentials, secretFields } from "#shared/auth";
import { Fault } from "#shared/errors";
import type { Grant, Settings } from "#shared/function";
import { secretReader } from "#shared/secrets";
import type { Integration } from "./define-integration.ts";

/** The connection that exists for every integration, with or without credentials. */
export const DEFAULT_CONNECTION = "default";

/** Reads the credentials of an integration's connections, and the deployment's settings. */
export type Connections = {
  /** The named fields that the vault has. Throws `not_found` from `caller` for a name no connection can have. */
  read(tenant: string, connection: string, fields: readonly string[]): Promise<Credentials>;
  readonly settings: Settings;
};

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The permission to read every connection of one integration, for `uses`. */
export function connections(integration: string): Grant<Connections> {
  return {
    kind: "secret",
    resource: `connections/*/${integration}/*/*`,
    verbs: ["read"],
    connect(ports) {
      const reader = secretReader(ports);
      return {
        settings: ports.settings,
        async read(tenant, connection, fields) {
          if (!NAME.test(connection)) throw unknownConnection(integration);
          const found = await Promise.all(
            fields.map(async (field) => {
              const name = `connections/${tenant}/${integration}/${connection}/${field}`;
              return [field, await reader.read(name)] as const;
            }),
          );
          return new Map(
            found.flatMap(([field, secret]) => (secret === undefined ? [] : [[field, secret]])),
          );
        },
      };
    },
  };
}

/** Every field that may be stored for a connection, the previous webhook secret included. */
export function fieldNames({ auth, webhooks }: Integration): readonly string[] {
  const names = Object.keys({ ...secretFields(auth), ...configFields(auth) });
  return webhooks === undefined ? names : [...names, previousField(webhooks.secretField)];
}

/** Where the webhook secret stays while the vendor still signs with it. */
export function previousField(field: string): string {
  return `${field}-previous`;
}

/** The fault for a connection nobody has made. */
export function unknownConnection(integration: string): Fault {
  return new Fault(
    "not_found",
    `integration.connection: ${integration} has no such connection; store its credentials first`,
    { origin: "caller" },
  );
}
