import type {
  StateDriver,
  StateKey,
  StateRange,
  StateRow,
  StateTransactResult,
  StateWrite,
  StateWriteResult,
} from "#shared/state";
import {
  failedConditionOf,
  handleOf,
  keyAttributes,
  queryRequest,
  rowOf,
  writeRequest,
} from "./dynamodb-requests.ts";
import {
  type AwsConnection,
  clientConfig,
  type LazyClient,
  lazyClient,
  until,
} from "./aws-client.ts";
import { codeOfAws } from "./aws-error.ts";

export type DynamoDbStateOptions = AwsConnection & {
  /** A table with the text keys `pk` and `sk`, and TTL on `expiresAtSeconds` so that old rows are collected. */
  readonly table: string;
};

/** State in one DynamoDB table. Reads are consistent; our revision is the handle that a write's condition compares. */
export function dynamoDbState(options: DynamoDbStateOptions): StateDriver {
  return new DynamoDbState(options);
}

async function connect(connection: AwsConnection) {
  const sdk = await import("./dynamodb-sdk.ts");
  return { sdk, client: new sdk.DynamoDBClient(clientConfig(connection)) };
}

class DynamoDbState implements StateDriver {
  readonly name = "dynamodb";
  readonly #table: string;
  readonly #dynamo: LazyClient<Awaited<ReturnType<typeof connect>>>;

  constructor({ table, ...connection }: DynamoDbStateOptions) {
    this.#table = table;
    this.#dynamo = lazyClient(() => connect(connection));
  }

  async read(key: StateKey, signal: AbortSignal | undefined): Promise<StateRow | undefined> {
    const { sdk, client } = await this.#dynamo.get();
    const get = { TableName: this.#table, Key: keyAttributes(key), ConsistentRead: true };
    const { Item } = await client.send(new sdk.GetItemCommand(get), until(signal));
    return Item === undefined ? undefined : rowOf(key, Item);
  }

  async write(write: StateWrite, signal: AbortSignal | undefined): Promise<StateWriteResult> {
    const { sdk, client } = await this.#dynamo.get();
    const request = {
      ...writeRequest(this.#table, write),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    } as const;
    try {
      await ("Item" in request
        ? client.send(new sdk.PutItemCommand(request), until(signal))
        : client.send(new sdk.DeleteItemCommand(request), until(signal)));
      return { ok: true, handle: handleOf(write) };
    } catch (error) {
      if (!(error instanceof sdk.ConditionalCheckFailedException)) throw error;
      const { Item } = error;
      return { ok: false, current: Item === undefined ? undefined : rowOf(write.key, Item) };
    }
  }

  async transact(
    writes: readonly StateWrite[],
    signal: AbortSignal | undefined,
  ): Promise<StateTransactResult> {
    const { sdk, client } = await this.#dynamo.get();
    const TransactItems = writes.map((write) => {
      const request = writeRequest(this.#table, write);
      return "Item" in request ? { Put: request } : { Delete: request };
    });
    try {
      await client.send(new sdk.TransactWriteItemsCommand({ TransactItems }), until(signal));
      return { ok: true, handles: writes.map(handleOf) };
    } catch (error) {
      if (!(error instanceof sdk.TransactionCanceledException)) throw error;
      const failedAt = failedConditionOf(error.CancellationReasons ?? []);
      if (failedAt === undefined) throw error;
      return { ok: false, failedAt };
    }
  }

  async list(range: StateRange, signal: AbortSignal | undefined): Promise<readonly StateRow[]> {
    const { sdk, client } = await this.#dynamo.get();
    const rows: StateRow[] = [];
    let query = queryRequest(this.#table, range);
    // A page ends at 1 MB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
    while (query !== undefined) {
      const page = await client.send(new sdk.QueryCommand(query), until(signal));
      for (const item of page.Items ?? []) rows.push(rowOf(range, item));
      const Limit = range.limit - rows.length;
      const ExclusiveStartKey = page.LastEvaluatedKey;
      const isDone = Limit === 0 || ExclusiveStartKey === undefined;
      query = isDone ? undefined : { ...query, Limit, ExclusiveStartKey };
    }
    return rows;
  }

  codeOf(error: unknown): ReturnType<typeof codeOfAws> {
    return codeOfAws(error);
  }

  close(): Promise<void> {
    return this.#dynamo.close();
  }
}
