import type { TableClient, TableTransactionResponse, TransactionAction } from "@azure/data-tables";
import type { EtagAction } from "./etag-writes.ts";
import { during } from "./rest-client.ts";
import type { Policies } from "./table-client.ts";
import { addressOf, encodeEntity } from "./table-entity.ts";

/** Does several actions as one entity group transaction: https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions */
export async function submitBatch(
  client: TableClient,
  actions: readonly EtagAction[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const { subResponses }: TableTransactionResponse = await client.submitTransaction(
    actions.map(inBatch),
    during(signal),
  );
  return subResponses.map(({ etag }) => etag ?? "");
}

/**
 * The client's batches know no condition for a delete although the service does: it always sends `If-Match: *`
 * (`TableClient.submitTransaction` of @azure/data-tables 13.3). A policy puts the etags into the finished body.
 */
export function batchPolicies(actions: readonly EtagAction[]): Policies {
  const etags = new Map<string, string>();
  for (const action of actions) {
    if (action.kind === "delete" && action.etag !== undefined) {
      etags.set(action.key.sort, action.etag);
    }
  }
  if (etags.size === 0) return [];
  const policy: Policies[number]["policy"] = {
    name: "auterity-conditional-delete",
    sendRequest(request, next) {
      if (typeof request.body === "string") request.body = withConditions(request.body, etags);
      return next(request);
    },
  };
  return [{ policy, position: "perCall" }];
}

function inBatch(action: EtagAction): TransactionAction {
  switch (action.kind) {
    case "insert":
      return ["create", encodeEntity(action.put)];
    case "upsert":
      return ["upsert", encodeEntity(action.put), "Replace"];
    case "replace":
      return ["update", encodeEntity(action.put), "Replace", { etag: action.etag }];
    case "delete":
      return ["delete", addressOf(action.key)];
  }
}

// Escaped keys hold no quote and need no URL encoding, so a row key stands in the request line as it is.
const DELETE = /^(DELETE \S*RowKey='([^']*)'\) HTTP\/1\.1\r?\n(?:[^\r\n]+\r?\n)*?If-Match: )\*/gim;

function withConditions(body: string, etags: ReadonlyMap<string, string>): string {
  return body.replaceAll(
    DELETE,
    (_, head: string, rowKey: string) => `${head}${etags.get(rowKey) ?? "*"}`,
  );
}
