import { defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes } from "../client.ts";
import { parentName, placeOf, resource, rootPath } from "../place.ts";

export const listCollections = defineAction({
  summary: "List the collections below the connection's root or a document",
  docs: `${documentsReference}/listCollectionIds`,
  scopes,
  effect: "read",
  input: z.object({
    document: rootPath.default(""),
    pageSize: z.int().min(1).max(300).default(100),
    from: z.string().min(1).optional(),
  }),
  output: z.object({ items: z.array(z.string()), next: z.string().nullable() }),
  async run(api, { document, pageSize, from }) {
    const { collectionIds = [], nextPageToken } = await api.request({
      method: "POST",
      path: resource(parentName(placeOf(api), document), ":listCollectionIds"),
      json: { pageSize, pageToken: from },
      response: z.object({
        collectionIds: z.array(z.string()).optional(),
        nextPageToken: z.string().optional(),
      }),
    });
    return { items: collectionIds, next: nextPageToken || null };
  },
});
