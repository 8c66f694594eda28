import { CosmosClient } from "@azure/cosmos";
import { afterAll, beforeAll } from "vitest";
import { conformanceStore } from "../../shared/state/conformance/bench.ts";
import { stateConformance } from "../../shared/state/conformance.ts";
import { containerDefinition } from "./drivers/cosmos-client.ts";
import { etagConformance } from "./drivers/etag-writes.conformance.ts";
import { cosmosState } from "./drivers/state-cosmos.ts";
import { type Cosmos, startCosmos } from "./engines/cosmos.conformance.ts";

let cosmos: Cosmos;

beforeAll(async () => {
  cosmos = await startCosmos();
  const client = new CosmosClient({
    connectionString: cosmos.connectionString,
    connectionPolicy: { enableEndpointDiscovery: false },
  });
  const { database } = await client.databases.create({ id: "auterity" });
  await database.containers.create(containerDefinition(conformanceStore.name));
  client.dispose();
});

afterAll(() => cosmos.stop());

const harness = {
  open: async () => cosmosState({ account: cosmos, database: "auterity", clock: Date }),
};
stateConformance("Cosmos DB (@vercel/cosmosdb-server with atomic batches)", harness);
etagConformance("Cosmos DB (@vercel/cosmosdb-server with atomic batches)", harness);
