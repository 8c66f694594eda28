import type { Container, OperationInput } from "@azure/cosmos";
import { encodeItem } from "./cosmos-item.ts";
import { type EtagAction, keyOf } from "./etag-writes.ts";
import { during } from "./rest-client.ts";

/** What a condition that does not hold looks like: no row, one that exists, another etag. */
export const CONFLICTS: ReadonlySet<number | undefined> = new Set([404, 409, 412]);
/** The other operations of a batch that failed. */
const FAILED_DEPENDENCY = 424;

/**
 * Does several actions as one transactional batch; `undefined` when a condition did not hold.
 * https://learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch
 */
export async function submitBatch(
  container: Container,
  actions: readonly EtagAction[],
  nowMs: number,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | undefined> {
  const [partition] = actions.map((action) => keyOf(action).partition);
  const operations = actions.map((action) => inBatch(action, nowMs));
  const { result = [] } = await container.items.batch(operations, partition, during(signal));
  const failed = result.find(
    ({ statusCode }) => statusCode >= 400 && statusCode !== FAILED_DEPENDENCY,
  );
  if (failed === undefined) return result.map(({ eTag }) => eTag ?? "");
  if (CONFLICTS.has(failed.statusCode)) return undefined;
  throw new BatchFailed(failed.statusCode);
}

class BatchFailed extends Error {
  readonly statusCode: number;

  constructor(statusCode: number) {
    super(`the batch failed with status ${statusCode}`);
    this.statusCode = statusCode;
  }
}

function inBatch(action: EtagAction, nowMs: number): OperationInput {
  if (action.kind === "delete") {
    // The client's type forgets the condition of a delete; it sends it, and the service knows it.
    const condition = action.etag === undefined ? {} : { ifMatch: action.etag };
    return { operationType: "Delete", id: action.key.sort, ...condition };
  }
  const resourceBody = encodeItem(action.put, nowMs);
  if (action.kind === "insert") return { operationType: "Create", resourceBody };
  if (action.kind === "upsert") return { operationType: "Upsert", resourceBody };
  return { operationType: "Replace", id: resourceBody.id, resourceBody, ifMatch: action.etag };
}
