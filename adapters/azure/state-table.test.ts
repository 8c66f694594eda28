import { TableClient } from "@azure/data-tables";
import { afterAll, beforeAll } from "vitest";
import { conformanceStore } from "../../shared/state/conformance/bench.ts";
import { stateConformance } from "../../shared/state/conformance.ts";
import { etagConformance } from "./drivers/etag-writes.conformance.ts";
import { tableState } from "./drivers/state-table.ts";
import { tableName } from "./drivers/table-client.ts";
import { type Azurite, startAzurite } from "./engines/azurite.conformance.ts";

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
  const table = tableName(conformanceStore.name);
  const options = { allowInsecureConnection: true };
  await TableClient.fromConnectionString(azurite.connectionString, table, options).createTable();
});

afterAll(() => azurite.stop());

const harness = { engine: "Azurite", open: async () => tableState(azurite) };
stateConformance("Table Storage", harness);
etagConformance("Table Storage", harness);
