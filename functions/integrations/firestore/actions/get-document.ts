import { defineAction } from "#shared/integration";
import * as z from "zod";
import {
  Document,
  documentsReference,
  scopes,
  time,
  toDocument,
  VendorDocument,
} from "../client.ts";
import { fieldPath } from "../field-path.ts";
import { documentPath, maskOf, placeOf, resource } from "../place.ts";

export const getDocument = defineAction({
  summary: "Get a document",
  docs: `${documentsReference}/get`,
  scopes,
  effect: "read",
  input: z.object({
    document: documentPath,
    /** All that the connection may read, where it is left out. */
    fields: z.array(fieldPath).min(1).max(100).optional(),
    /** As it was then: within the past hour, or seven days with point-in-time recovery. */
    readTime: time.optional(),
  }),
  output: Document,
  async run(api, { document, fields, readTime }) {
    const place = placeOf(api);
    const found = await api.request({
      method: "GET",
      path: resource(place.prefix + document),
      query: { "mask.fieldPaths": maskOf(place, fields), readTime },
      response: VendorDocument,
    });
    return toDocument(place, found);
  },
});
