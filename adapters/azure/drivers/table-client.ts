import { lazily } from "#shared/function";
import type { TableClient, TableServiceClientOptions } from "@azure/data-tables";
import type { AzureAccount } from "./account.ts";

export type Policies = NonNullable<TableServiceClientOptions["additionalPolicies"]>;

/** Clients of the tables of an account, by store. */
export type Tables = {
  /** One client per store, for as long as the driver lives. */
  shared(store: string): Promise<TableClient>;
  /** A client for one request that needs policies of its own; the shared one where there are none. */
  withPolicies(store: string, policies: Policies): Promise<TableClient>;
};

/**
 * The table of a store. Tables are named in letters and digits, so two stores may share one; the partition keys keep
 * their rows apart. https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
export function tableName(store: string): string {
  return `tbl${store.replaceAll("-", "")}`;
}

/** Opens the tables of an account without retries; loads the SDK with the first one. */
export function openTables(account: AzureAccount): Tables {
  const connect = lazily(() => connectTo(account));
  const clients = new Map<string, TableClient>();
  const shared = async (store: string): Promise<TableClient> => {
    const client = clients.get(store) ?? (await connect())(tableName(store), []);
    clients.set(store, client);
    return client;
  };
  return {
    shared,
    async withPolicies(store, policies) {
      return policies.length === 0 ? shared(store) : (await connect())(tableName(store), policies);
    },
  };
}

async function connectTo(
  account: AzureAccount,
): Promise<(table: string, policies: Policies) => TableClient> {
  const { TableClient: Client } = await import("@azure/data-tables");
  return (table, additionalPolicies) => {
    const options = { retryOptions: { maxRetries: 0 }, additionalPolicies };
    if ("endpoint" in account)
      return new Client(account.endpoint, table, account.identity, options);
    const { connectionString } = account;
    // The client wants to hear a second time that the account is an emulator without TLS.
    const allowInsecureConnection = connectionString.includes("DefaultEndpointsProtocol=http;");
    return Client.fromConnectionString(connectionString, table, {
      ...options,
      allowInsecureConnection,
    });
  };
}
