import type { CosmosClientOptions } from "@azure/cosmos";

/** An identity of Azure's, as `@azure/identity` gives it. */
export type AzureIdentity = NonNullable<CosmosClientOptions["aadCredentials"]>;

/** How a driver reaches its service: by managed identity, or by the connection string that holds a key. */
export type AzureAccount =
  | { readonly endpoint: string; readonly identity: AzureIdentity }
  | { readonly connectionString: string };
