import { defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes, VendorDocument } from "../client.ts";
import { documentPath, placeOf, resource, writableField } from "../place.ts";
import { encodeFields, Fields } from "../value.ts";

export const createDocument = defineAction({
  summary: "Create a document that is not there yet",
  docs: `${documentsReference}/createDocument`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "the id is given, so that a repeat makes no second document and is told already_exists",
  },
  input: z.object({ document: documentPath, fields: Fields }),
  output: z.object({ document: z.string(), createTime: z.string(), updateTime: z.string() }),
  async run(api, { document, fields }) {
    const place = placeOf(api);
    for (const name of Object.keys(fields)) writableField(place, [name]);
    const slash = document.lastIndexOf("/");
    const created = await api.request({
      method: "POST",
      path: resource(place.prefix + document.slice(0, slash)),
      query: { documentId: document.slice(slash + 1), "mask.fieldPaths": "__name__" },
      json: { fields: encodeFields(fields, place) },
      response: VendorDocument,
    });
    const { createTime, updateTime } = created;
    return { document, createTime, updateTime };
  },
});
