import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Document, documentsReference, scopes, toDocument, VendorDocument } from "../client.ts";
import { fieldPath } from "../field-path.ts";
import { collectionPath, maskOf, placeOf, resource } from "../place.ts";

export const listDocuments = defineAction({
  summary: "List the documents of a collection by name",
  docs: `${documentsReference}/list`,
  scopes,
  effect: "read",
  input: z.object({
    collection: collectionPath,
    fields: z.array(fieldPath).min(1).max(100).optional(),
    /** Firestore may give fewer, and 300 at most. */
    pageSize: z.int().min(1).max(300).default(100),
    from: z.string().min(1).optional(),
  }),
  output: z.object({ items: z.array(Document), next: z.string().nullable() }),
  async run(api, { collection, fields, pageSize, from }) {
    const place = placeOf(api);
    const { documents = [], nextPageToken } = await api.request({
      method: "GET",
      path: resource(place.prefix + collection),
      query: { "mask.fieldPaths": maskOf(place, fields), pageSize, pageToken: from },
      response: z.object({
        documents: z.array(VendorDocument).optional(),
        nextPageToken: z.string().optional(),
      }),
    });
    return {
      items: documents.map((one) => toDocument(place, one)),
      next: nextPageToken || null,
    };
  },
});
