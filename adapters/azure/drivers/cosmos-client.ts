import { lazily } from "#shared/function";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Container, ContainerDefinition, CosmosClient } from "@azure/cosmos";
import type { AzureAccount } from "./account.ts";

/** The containers of a database, by store. */
export type Containers = {
  container(store: string): Promise<Container>;
  close(): Promise<void>;
};

/** The container of a store, as deployment has to make it. */
export function containerDefinition(store: string): ContainerDefinition & { id: string } {
  return {
    id: store,
    partitionKey: { paths: ["/partition"] },
    // On, with no time of its own; without it the items' own times count for nothing.
    // https://learn.microsoft.com/azure/cosmos-db/nosql/time-to-live
    defaultTtl: -1,
    // Rows are found by partition and id, which is always indexed; everything else would only cost request units.
    indexingPolicy: {
      indexingMode: "consistent",
      includedPaths: [{ path: "/partition/?" }],
      excludedPaths: [{ path: "/*" }],
    },
  };
}

/** Opens a database without retries; loads the SDK with the first container. */
export function openContainers(account: AzureAccount, database: string): Containers {
  let client: CosmosClient | undefined;
  const connect = lazily(async () => {
    const [{ CosmosClient: Client }, { createDefaultHttpClient }] = await Promise.all([
      import("@azure/cosmos"),
      import("@azure/core-rest-pipeline"),
    ]);
    const access =
      "endpoint" in account
        ? { endpoint: account.endpoint, aadCredentials: account.identity }
        : { connectionString: account.connectionString };
    client = new Client({
      ...access,
      httpClient: withoutRetries(createDefaultHttpClient()),
      connectionPolicy: {
        // Discovery brings up to 120 retries of its own, which no option turns off. The account's own endpoint leads to
        // the region that takes writes.
        enableEndpointDiscovery: false,
        retryOptions: {
          maxRetryAttemptCount: 0,
          fixedRetryIntervalInMilliseconds: 0,
          maxWaitTimeInSeconds: 0,
        },
      },
    });
    return client.database(database);
  });
  return {
    container: async (store) => (await connect()).container(store),
    async close() {
      client?.dispose();
    },
  };
}

/**
 * A read whose connection breaks is repeated ten times, a second apart, and no option turns that off
 * (https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/cosmosdb/cosmos/src/retry/defaultRetryPolicy.ts). The client
 * goes by the code of the error, so it gets one that it does not know.
 */
function withoutRetries(http: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      try {
        return await http.sendRequest(request);
      } catch (error) {
        throw request.abortSignal?.aborted === true ? error : new ConnectionFailed(error);
      }
    },
  };
}

class ConnectionFailed extends Error {
  readonly code = "CONNECTION_FAILED";

  constructor(cause: unknown) {
    super("the connection failed", { cause });
  }
}
