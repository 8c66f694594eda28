import { configFields, type Credentials, secretFields } from "#shared/auth";
import { isConnectionName, type KeyPorts, readStored } from "#shared/connections";
import { Fault } from "#shared/errors";
import type { Grant, Settings } from "#shared/function";
import { secretReader } from "#shared/secrets";
import type { Integration } from "./define-integration.ts";

/** The connection that exists for every integration, with or without credentials. */
export const DEFAULT_CONNECTION = "default";

/** Reads the credentials of an integration's connections, and the deployment's settings. */
export type Connections = {
  /**
   * What there is of the named fields, credentials and settings alike: as the tenant stored it or, where it did not,
   * as the vault has it. Throws `not_found` from `caller` for a name no connection can have.
   */
  read(
    tenant: string,
    connection: string,
    fields: readonly string[],
    integration?: string,
  ): Promise<Credentials>;
  readonly settings: Settings;
  /** What keeping tokens takes. */
  readonly ports: KeyPorts;
};

/**
 * The permission to read every connection of one integration, or of all with `*`, for `uses`. What is stored encrypted
 * takes the grants of `connectionGrants` as well.
 */
export function connections(integration: string): Grant<Connections> {
  return {
    kind: "secret",
    resource: `connections/*/${integration}/*/*`,
    verbs: ["read"],
    connect(ports, scope) {
      const reader = secretReader(ports);
      return {
        settings: ports.settings,
        ports,
        async read(tenant, connection, fields, of = integration) {
          if (!isConnectionName(connection)) throw unknownConnection(of);
          const { traceparent, event, signal } = scope;
          const own = { tenant, traceparent, event, signal };
          const [stored, ...found] = await Promise.all([
            readStored(ports, own, of, connection),
            ...fields.map((field) =>
              reader.read(`connections/${tenant}/${of}/${connection}/${field}`),
            ),
          ]);
          const named = fields.map(
            (field, index) => [field, stored?.get(field) ?? found[index]] as const,
          );
          return new Map(
            named.flatMap(([field, secret]) => (secret === undefined ? [] : [[field, secret]])),
          );
        },
      };
    },
  };
}

/** Every field that may be stored for a connection, settings and the previous webhook secret included. */
export function fieldNames({ auth, webhooks }: Integration): readonly string[] {
  const names = Object.keys({ ...secretFields(auth), ...configFields(auth) });
  return webhooks === undefined ? names : [...names, previousField(webhooks.secretField)];
}

/** Where the webhook secret stays while the vendor still signs with it. */
export function previousField(field: string): string {
  return `${field}-previous`;
}

/** What stands in for the origin of a vendor's token endpoints: `AUTERITY_AUTH_URL_<INTEGRATION>`, an operator's own. */
export function authOrigin(settings: Settings, integration: string): string | undefined {
  const value = settings[`AUTERITY_AUTH_URL_${constantCase(integration)}`];
  return value === "" ? undefined : value;
}

/** A name as variables have it. */
export function constantCase(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

/** The fault for a connection nobody has made. */
export function unknownConnection(integration: string): Fault {
  return new Fault(
    "not_found",
    `integration.connection: ${integration} has no such connection; store its credentials first`,
    { origin: "caller" },
  );
}
