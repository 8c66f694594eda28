import { TableClient } from "@azure/data-tables";
import { afterAll, beforeAll } from "vitest";
import { lateServer } from "#shared/testing";
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

const openLate = async () => {
  const [url = ""] = /(?<=TableEndpoint=)[^;]+/.exec(azurite.connectionString) ?? [];
  const server = await lateServer(url);
  const there = `http://127.0.0.1:${server.port}${new URL(url).pathname}`;
  const connectionString = azurite.connectionString.replace(url, there);
  return { ...server, driver: tableState({ connectionString }) };
};
const harness = { engine: "Azurite", open: async () => tableState(azurite), openLate };
stateConformance("Table Storage", harness);
etagConformance("Table Storage", harness);
