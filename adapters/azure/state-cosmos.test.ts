import { CosmosClient } from "@azure/cosmos";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lateServer } from "#shared/testing";
import { conformanceStore } from "../../shared/state/conformance/bench.ts";
import { stateConformance } from "../../shared/state/conformance.ts";
import { containerDefinition } from "./drivers/cosmos-client.ts";
import { encodeItem } from "./drivers/cosmos-item.ts";
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

// The rules' times are not today's: seen from long ago, the service has no reason to collect their rows.
const clock = { now: () => 0 };
const harness = {
  engine: "@vercel/cosmosdb-server with atomic batches",
  open: async () => cosmosState({ account: cosmos, database: "auterity", clock }),
  async openLate() {
    const [url = ""] = /(?<=AccountEndpoint=)[^;]+/.exec(cosmos.connectionString) ?? [];
    const server = await lateServer(url);
    const there = `http://127.0.0.1:${server.port}/`;
    const connectionString = cosmos.connectionString.replace(url, there);
    return {
      ...server,
      driver: cosmosState({ account: { connectionString }, database: "auterity", clock }),
    };
  },
};
stateConformance("Cosmos DB", harness);
etagConformance("Cosmos DB", harness);

it("lets the service collect a row only when it has long expired", () => {
  const key = { store: "items", partition: "p", sort: "s" };
  const put = { kind: "put", key, data: "{}", rev: "1", condition: { kind: "any" } } as const;
  const ttlOf = (expiresAtSeconds: number | null, nowMs: number): unknown =>
    encodeItem({ ...put, expiresAtSeconds }, nowMs)["ttl"];
  expect(ttlOf(1_000, 900_500)).toBe(400);
  expect(ttlOf(1_000, 9_000_000)).toBe(1);
  expect(ttlOf(null, 0)).toBeUndefined();
});
