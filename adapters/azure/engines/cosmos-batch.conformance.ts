import * as z from "zod";

/** Where a batch goes: the items of a container, in one partition. */
export type BatchTarget = {
  readonly url: string;
  readonly authorization: string;
  readonly partitionKey: string;
};

export type BatchAnswer = { readonly status: number; readonly results: unknown };

const Operations = z.array(
  z.looseObject({
    operationType: z.enum(["Create", "Upsert", "Replace", "Delete"]),
    id: z.string().optional(),
    ifMatch: z.string().optional(),
    resourceBody: z.looseObject({ id: z.string() }).optional(),
  }),
);
type Operation = z.infer<typeof Operations>[number];

const Stored = z.object({ _etag: z.string() });

/**
 * Applies a batch to a server that would keep what comes before a failure: looks at every condition first. Distinct keys
 * are taken for granted. Answers as the service does: the first operation that fails says why, the others 424.
 * https://learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch
 */
export async function applyBatch(target: BatchTarget, body: unknown): Promise<BatchAnswer> {
  const operations = Operations.parse(body);
  const refusals = await Promise.all(
    operations.map(async (operation) => refusalOf(operation, await etagOf(target, operation))),
  );
  const failedAt = refusals.findIndex((status) => status !== undefined);
  if (failedAt === -1) return send(target, operations);
  const results = refusals.map((status, index) => ({
    statusCode: index === failedAt ? status : 424,
    requestCharge: 0,
  }));
  return { status: 207, results };
}

function refusalOf(
  { operationType, ifMatch }: Operation,
  etag: string | undefined,
): number | undefined {
  if (operationType === "Create") return etag === undefined ? undefined : 409;
  if (operationType === "Upsert") return undefined;
  if (etag === undefined) return 404;
  return ifMatch === undefined || ifMatch === etag ? undefined : 412;
}

async function etagOf(
  { url, authorization, partitionKey }: BatchTarget,
  { id, resourceBody }: Operation,
): Promise<string | undefined> {
  const headers = { authorization, "x-ms-documentdb-partitionkey": partitionKey };
  const response = await fetch(`${url}/${id ?? resourceBody?.id}`, { headers });
  const stored: unknown = await response.json();
  return response.status === 200 ? Stored.parse(stored)._etag : undefined;
}

async function send(
  { url, authorization, partitionKey }: BatchTarget,
  operations: Operation[],
): Promise<BatchAnswer> {
  for (const operation of operations) operation["partitionKey"] = partitionKey;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization,
      "x-ms-documentdb-partitionkey": partitionKey,
      "x-ms-cosmos-is-batch-request": "true",
      "x-ms-cosmos-batch-atomic": "true",
    },
    body: JSON.stringify(operations),
  });
  return { status: response.status, results: await response.json() };
}
