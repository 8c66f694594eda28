import type { Delete, Put, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import type { StateCondition, StateKey, StateRange, StateRow, StateWrite } from "#shared/state";
import * as z from "zod";

const Item = z.object({
  sk: z.object({ S: z.string() }),
  data: z.object({ S: z.string() }),
  rev: z.object({ S: z.string() }),
  expiresAtSeconds: z.object({ N: z.coerce.number() }).optional(),
});

/** The partition begins with the store, so that a policy can grant one store by `dynamodb:LeadingKeys`. */
export function keyAttributes({ store, partition, sort }: StateKey) {
  return { pk: { S: `${store}/${partition}` }, sk: { S: sort } };
}

/** Reads an item of a partition. Throws for one that we did not write. */
export function rowOf({ store, partition }: Omit<StateKey, "sort">, item: unknown): StateRow {
  const { sk, data, rev, expiresAtSeconds } = Item.parse(item);
  return {
    key: { store, partition, sort: sk.S },
    data: data.S,
    rev: rev.S,
    expiresAtSeconds: expiresAtSeconds?.N ?? null,
    handle: rev.S,
  };
}

/** A write, for a request of its own or as a part of a transaction. */
export function writeRequest(
  TableName: string,
  write: StateWrite,
): (Put & Pick<Required<Put>, "Item">) | Delete {
  const condition = conditionOf(write.condition);
  const Key = keyAttributes(write.key);
  if (write.kind === "delete") return { TableName, Key, ...condition };
  const { data, rev, expiresAtSeconds } = write;
  const expiry =
    expiresAtSeconds === null ? {} : { expiresAtSeconds: { N: String(expiresAtSeconds) } };
  return {
    TableName,
    Item: { ...Key, data: { S: data }, rev: { S: rev }, ...expiry },
    ...condition,
  };
}

/** What the next write of a row is based on; nothing for a row that is gone. */
export function handleOf(write: StateWrite): string {
  return write.kind === "put" ? write.rev : "";
}

/**
 * A range, `undefined` for one that is empty, which DynamoDB refuses. Every key is of `[A-Za-z0-9._~-]`: a space sorts
 * before, and DEL after, whatever can follow a key's beginning.
 */
export function queryRequest(TableName: string, range: StateRange): QueryCommandInput | undefined {
  const { from, to, after, descending, limit } = range;
  const lows = [from || " ", after === undefined || descending ? "" : `${after} `];
  const highs = [to, descending ? after : undefined].map((end) =>
    end === undefined ? "\u007f" : justBefore(end),
  );
  const low = lows.toSorted().at(-1) ?? "";
  const high = highs.toSorted()[0] ?? "";
  if (low > high) return undefined;
  const { pk } = keyAttributes({ ...range, sort: "" });
  return {
    TableName,
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :low AND :high",
    ExpressionAttributeValues: { ":pk": pk, ":low": { S: low }, ":high": { S: high } },
    ScanIndexForward: !descending,
    ConsistentRead: true,
    Limit: limit,
  };
}

/**
 * The first operation whose condition did not hold; `undefined` when the transaction was cancelled for anything else.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors
 */
export function failedConditionOf(
  reasons: readonly { readonly Code?: string | undefined }[],
): number | undefined {
  const codes = reasons.map(({ Code }) => Code ?? "None");
  const others = codes.some((code) => code !== "None" && code !== "ConditionalCheckFailed");
  const failedAt = codes.indexOf("ConditionalCheckFailed");
  return others || failedAt === -1 ? undefined : failedAt;
}

function conditionOf(
  condition: StateCondition,
): Pick<Delete, "ConditionExpression" | "ExpressionAttributeValues"> {
  if (condition.kind === "any") return {};
  if (condition.kind === "handle") {
    return {
      ConditionExpression: "rev = :rev",
      ExpressionAttributeValues: { ":rev": { S: condition.handle } },
    };
  }
  return {
    ConditionExpression: "attribute_not_exists(pk) OR expiresAtSeconds <= :now",
    ExpressionAttributeValues: { ":now": { N: String(condition.nowSeconds) } },
  };
}

/** Sorts after every key before this one, and before this one: BETWEEN includes its ends. */
function justBefore(end: string): string {
  const last = end.length - 1;
  return `${end.slice(0, last)}${String.fromCharCode(end.charCodeAt(last) - 1)}\u007f`;
}
