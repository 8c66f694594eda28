import { CosmosClient } from "@azure/cosmos";
import { QueueServiceClient } from "@azure/storage-queue";
import { containerDefinition } from "../../adapters/azure/drivers/cosmos-client.ts";
import { storageQueueReceiver } from "../../adapters/azure/drivers/queue-storage-receiver.ts";
import { cosmosState } from "../../adapters/azure/drivers/state-cosmos.ts";
import { startAzurite } from "../../adapters/azure/engines/azurite.conformance.ts";
import { startCosmos } from "../../adapters/azure/engines/cosmos.conformance.ts";
import type { DeployManifest } from "#shared/plan";
import type { CloudEngines } from "./cloud-engines.ts";

const DATABASE = "auterity";

/** Azurite for queues and cosmosdb-server for state, in memory. */
export async function startAzureEngines({ stores, queues }: DeployManifest): Promise<CloudEngines> {
  const [cosmos, azurite] = await Promise.all([startCosmos(), startAzurite()]);
  await Promise.all([
    createContainers(
      cosmos.connectionString,
      stores.map(({ name }) => name),
    ),
    createQueues(
      azurite.connectionString,
      queues.map(({ name }) => name),
    ),
  ]);
  const receiver = storageQueueReceiver(azurite);
  const state = cosmosState({
    account: { connectionString: cosmos.connectionString },
    database: DATABASE,
    clock: Date,
  });
  return {
    names: ["cosmosdb-server", "Azurite"],
    settings: {
      AUTERITY_COSMOS_ACCOUNT: cosmos.connectionString,
      AUTERITY_COSMOS_DATABASE: DATABASE,
      AUTERITY_QUEUE_ACCOUNT: azurite.connectionString,
      AUTERITY_BLOB_ACCOUNT: azurite.connectionString,
    },
    state,
    receiver,
    async stop() {
      await Promise.all([receiver.close(), state.close()]);
      await Promise.all([cosmos.stop(), azurite.stop()]);
    },
  };
}

async function createContainers(account: string, stores: readonly string[]): Promise<void> {
  // The server names itself an address that it does not have.
  const connectionPolicy = { enableEndpointDiscovery: false };
  const client = new CosmosClient({ connectionString: account, connectionPolicy });
  const { database } = await client.databases.createIfNotExists({ id: DATABASE });
  for (const store of stores)
    await database.containers.createIfNotExists(containerDefinition(store));
  client.dispose();
}

async function createQueues(account: string, queues: readonly string[]): Promise<void> {
  const service = QueueServiceClient.fromConnectionString(account);
  await Promise.all(queues.map((queue) => service.createQueue(queue)));
}
