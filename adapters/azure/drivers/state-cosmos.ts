import type { Container, FeedResponse, SqlQuerySpec } from "@azure/cosmos";
import { Fault } from "#shared/errors";
import type { Clock } from "#shared/function";
import type { StateDriver, StateRange, StateRow } from "#shared/state";
import type { AzureAccount } from "./account.ts";
import { CONFLICTS, submitBatch } from "./cosmos-batch.ts";
import { openContainers } from "./cosmos-client.ts";
import { decodeItem, encodeItem } from "./cosmos-item.ts";
import { conditionalWrites, type EtagAction, type EtagStore, keyOf } from "./etag-writes.ts";
import { codeOfRest, during, statusOf } from "./rest-client.ts";

export type CosmosStateOptions = {
  readonly account: AzureAccount;
  readonly database: string;
  /** Tells how long the service has to keep a row that expires. */
  readonly clock: Pick<Clock, "now">;
};

/** "Owner resource does not exist": https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb */
const MISSING_CONTAINER = 1003;
/**
 * State in Azure Cosmos DB (NoSQL API): a container per store, an item per row. Compare-and-set by etag, transactional
 * batches in a partition. Under session consistency another instance may read an older state for a moment. The
 * containers must exist, as `containerDefinition` says.
 */
export function cosmosState({ account, database, clock }: CosmosStateOptions): StateDriver {
  const containers = openContainers(account, database);
  const open = (name: string): Promise<Container> => containers.container(name);
  const store: EtagStore = {
    async read(key, signal) {
      const container = await open(key.store);
      const response = await container.item(key.sort, key.partition).read(during(signal));
      if (response.statusCode !== 404) return decodeItem(key, response.resource);
      // The client gives a missing container back as it does a missing item.
      if (response.substatus === MISSING_CONTAINER) throw missingContainer(key.store);
      return undefined;
    },
    async apply(actions, signal) {
      const [first] = actions;
      if (first === undefined) return undefined;
      const container = await open(keyOf(first).store);
      return actions.length === 1
        ? applyOne(container, first, clock.now(), signal)
        : submitBatch(container, actions, clock.now(), signal);
    },
  };
  return {
    name: "azure-cosmos",
    read: (key, signal) => store.read(key, signal),
    ...conditionalWrites(store),
    list: async (range, signal) => listItems(await open(range.store), range, signal),
    codeOf: (error) => (Fault.is(error) ? error.code : codeOfRest(error)),
    close: () => containers.close(),
  };
}

async function applyOne(
  container: Container,
  action: EtagAction,
  nowMs: number,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | undefined> {
  const { sort, partition } = keyOf(action);
  const item = container.item(sort, partition);
  try {
    if (action.kind === "delete") {
      await item.delete({ ...during(signal), ...ifMatch(action.etag) });
      return [""];
    }
    const body = encodeItem(action.put, nowMs);
    const { etag } = await (action.kind === "insert"
      ? container.items.create(body, during(signal))
      : action.kind === "upsert"
        ? container.items.upsert(body, during(signal))
        : item.replace(body, { ...during(signal), ...ifMatch(action.etag) }));
    return [etag];
  } catch (error) {
    const { status, substatus } = statusOf(error);
    if (CONFLICTS.has(status) && substatus !== MISSING_CONTAINER) return undefined;
    throw error;
  }
}

async function listItems(
  container: Container,
  range: StateRange,
  signal: AbortSignal | undefined,
): Promise<readonly StateRow[]> {
  const query = container.items.query(queryOf(range), {
    ...during(signal),
    partitionKey: range.partition,
    maxItemCount: range.limit,
  });
  const found: StateRow[] = [];
  // A page may come short, and empty, although more follow.
  while (query.hasMoreResults() && found.length < range.limit) {
    const { resources }: FeedResponse<unknown> = await query.fetchNext();
    found.push(...(resources ?? []).map((item) => decodeItem(range, item)));
  }
  return found.slice(0, range.limit);
}

function queryOf({ partition, from, to, after, descending }: StateRange): SqlQuerySpec {
  const bounds = ["c.partition = @partition", "c.id >= @low"];
  const values: Record<string, string> = { "@partition": partition, "@low": from };
  if (to !== undefined) {
    bounds.push("c.id < @high");
    values["@high"] = to;
  }
  if (after !== undefined) {
    bounds.push(descending ? "c.id < @after" : "c.id > @after");
    values["@after"] = after;
  }
  return {
    query: `SELECT * FROM c WHERE ${bounds.join(" AND ")} ORDER BY c.id ${descending ? "DESC" : "ASC"}`,
    parameters: Object.entries(values).map(([name, value]) => ({ name, value })),
  };
}

function ifMatch(etag: string | undefined): {
  accessCondition?: { type: string; condition: string };
} {
  return etag === undefined ? {} : { accessCondition: { type: "IfMatch", condition: etag } };
}

function missingContainer(store: string): Fault {
  return new Fault("not_found", `state.read: there is no container "${store}"; deploy it first`, {
    origin: "platform",
  });
}
