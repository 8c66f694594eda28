import { defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes, VendorDocument } from "../client.ts";
import { documentPath, placeOf, resource } from "../place.ts";
import { encodeFields, Fields } from "../value.ts";
import { preconditionOf, updateMask, updateOptions } from "../write.ts";

export const updateDocument = defineAction({
  summary: "Replace or remove fields of a document and leave the others",
  docs: `${documentsReference}/patch`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "fields get the values that are given; with ifUpdateTime a repeat is refused",
  },
  input: z.object({ document: documentPath, fields: Fields.default({}), ...updateOptions }),
  output: z.object({ document: z.string(), updateTime: z.string() }),
  async run(api, input) {
    const place = placeOf(api);
    const { document, fields } = input;
    const mustBe = preconditionOf({ op: "update", ...input });
    const conditions = Object.entries(mustBe ?? {}).map(([name, value]) => [
      `currentDocument.${name}`,
      value,
    ]);
    const { updateTime } = await api.request({
      method: "PATCH",
      path: resource(place.prefix + document),
      query: {
        "updateMask.fieldPaths": updateMask(place, input),
        "mask.fieldPaths": "__name__",
        ...Object.fromEntries(conditions),
      },
      json: { fields: encodeFields(fields, place) },
      response: VendorDocument,
    });
    return { document, updateTime };
  },
});
