import { defineAction } from "#shared/integration";
import * as z from "zod";
import { anyCollection, collectionGroup, indexedBy, lastOf, VendorIndex } from "../admin.ts";
import { groupsReference, scopes } from "../client.ts";
import { resource } from "../place.ts";

const Index = z.object({
  /** For delete-index. */
  index: z.string(),
  collection: z.string(),
  scope: z.string(),
  state: z.string(),
  fields: z.array(z.object({ field: z.string(), ...indexedBy })),
});

export const listIndexes = defineAction({
  summary:
    "List the composite indexes of a collection or of the database, and whether they are ready",
  docs: `${groupsReference}.indexes/list`,
  scopes,
  effect: "read",
  input: z.object({ collection: anyCollection, from: z.string().min(1).optional() }),
  output: z.object({ items: z.array(Index), next: z.string().nullable() }),
  async run(api, { collection, from }) {
    const { indexes = [], nextPageToken } = await api.request({
      method: "GET",
      path: resource(`${collectionGroup(api, collection)}/indexes`),
      query: { pageSize: 100, pageToken: from },
      response: z.object({
        indexes: z.array(VendorIndex).optional(),
        nextPageToken: z.string().optional(),
      }),
    });
    return { items: indexes.map(toIndex), next: nextPageToken || null };
  },
});

function toIndex({ name = "", queryScope, state, fields = [] }: z.infer<typeof VendorIndex>) {
  return {
    index: lastOf(name),
    collection: name.split("/").at(-3) ?? "",
    scope: (queryScope ?? "COLLECTION").toLowerCase().replaceAll("_", "-"),
    state: (state ?? "").toLowerCase(),
    fields: fields.map(({ fieldPath = "", order, arrayConfig, vectorConfig }) => ({
      field: fieldPath,
      ...(order === undefined ? {} : ({ order: order === "DESCENDING" ? "desc" : "asc" } as const)),
      ...(arrayConfig === undefined ? {} : { array: "contains" as const }),
      ...(vectorConfig === undefined ? {} : { vectorDimension: vectorConfig.dimension }),
    })),
  };
}
