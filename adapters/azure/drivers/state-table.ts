import type { TableClient } from "@azure/data-tables";
import type { StateDriver, StateKey, StateRange, StateRow } from "#shared/state";
import type { AzureAccount } from "./account.ts";
import { conditionalWrites, type EtagAction, type EtagStore, keyOf } from "./etag-writes.ts";
import { codeOfRest, during, serviceCode } from "./rest-client.ts";
import { batchPolicies, submitBatch } from "./table-batch.ts";
import { openTables } from "./table-client.ts";
import { addressOf, decodeEntity, encodeEntity, physicalPartition } from "./table-entity.ts";

/** What the service says when a row is another than expected, and nothing else is wrong. */
const CONFLICTS: ReadonlySet<string | undefined> = new Set([
  "EntityAlreadyExists",
  "ResourceNotFound",
  "UpdateConditionNotSatisfied",
  "ConditionNotMet",
]);

/** https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination */
const MAX_PAGE = 1_000;

/**
 * State in Azure Table Storage: etags for compare-and-set, entity group transactions in a partition. The service
 * has no expiry, so expired rows stay until somebody sweeps them up, and no descending order, so a descending list
 * reads its whole range. The tables must exist.
 */
export function tableState(account: AzureAccount): StateDriver {
  const tables = openTables(account);
  const store: EtagStore = {
    async read(key, signal) {
      return readEntity(await tables.shared(key.store), key, signal);
    },
    async apply(actions, signal) {
      const [first] = actions;
      if (first === undefined || actions.some(hasForeignEtag)) return undefined;
      const name = keyOf(first).store;
      const client =
        actions.length === 1
          ? await tables.shared(name)
          : await tables.withPolicies(name, batchPolicies(actions));
      return orConflict(() =>
        actions.length === 1
          ? applyOne(client, first, signal)
          : submitBatch(client, actions, signal),
      );
    },
  };
  return {
    name: "azure-table",
    read: (key, signal) => store.read(key, signal),
    ...conditionalWrites(store),
    async list(range, signal) {
      return listEntities(await tables.shared(range.store), range, signal);
    },
    codeOf: codeOfRest,
    async close() {},
  };
}

async function readEntity(
  client: TableClient,
  key: StateKey,
  signal: AbortSignal | undefined,
): Promise<StateRow | undefined> {
  const { partitionKey, rowKey } = addressOf(key);
  const entity = await orConflict(() => client.getEntity(partitionKey, rowKey, during(signal)));
  return entity && decodeEntity(key, entity);
}

async function applyOne(
  client: TableClient,
  action: EtagAction,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const options = during(signal);
  if (action.kind === "delete") {
    const { partitionKey, rowKey } = addressOf(action.key);
    await client.deleteEntity(partitionKey, rowKey, { ...options, etag: action.etag ?? "*" });
    return [""];
  }
  const entity = encodeEntity(action.put);
  const { etag = "" } = await (action.kind === "insert"
    ? client.createEntity(entity, options)
    : action.kind === "upsert"
      ? client.upsertEntity(entity, "Replace", options)
      : client.updateEntity(entity, "Replace", { ...options, etag: action.etag }));
  return [etag];
}

async function listEntities(
  client: TableClient,
  range: StateRange,
  signal: AbortSignal | undefined,
): Promise<readonly StateRow[]> {
  const pages = client
    .listEntities({ ...during(signal), queryOptions: { filter: filterOf(range) } })
    .byPage({ maxPageSize: range.descending ? MAX_PAGE : Math.min(range.limit, MAX_PAGE) });
  let found: StateRow[] = [];
  for await (const page of pages) {
    found.push(...page.map((entity) => decodeEntity(range, entity)));
    if (range.descending) found = found.slice(-range.limit);
    else if (found.length >= range.limit) break;
  }
  return range.descending ? found.toReversed() : found.slice(0, range.limit);
}

// Escaped keys hold no quote, so they need none doubled.
function filterOf({ from, to, after, descending, ...at }: StateRange): string {
  const bounds = [`PartitionKey eq '${physicalPartition(at)}'`, `RowKey ge '${from}'`];
  if (to !== undefined) bounds.push(`RowKey lt '${to}'`);
  if (after !== undefined) bounds.push(`RowKey ${descending ? "lt" : "gt"} '${after}'`);
  return bounds.join(" and ");
}

/** `undefined` instead of an error that only says that a row is missing, there or another one. */
async function orConflict<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (CONFLICTS.has(serviceCode(error))) return undefined;
    throw error;
  }
}

/** A handle that is no etag matches no row; the service would call it a malformed request. */
function hasForeignEtag(action: EtagAction): boolean {
  const etag = action.kind === "replace" || action.kind === "delete" ? action.etag : undefined;
  return etag !== undefined && !etag.startsWith('W/"');
}
