import { Fault } from "#shared/errors";
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
    const touched = updateMask(place, input);
    if (touched.length === 0) throw nothingToDo();
    const mustBe = preconditionOf({ op: "update", ...input });
    const conditions = Object.entries(mustBe ?? {}).map(([name, value]) => [
      `currentDocument.${name}`,
      value,
    ]);
    const { updateTime } = await api.request({
      method: "PATCH",
      path: resource(place.prefix + document),
      query: {
        "updateMask.fieldPaths": touched,
        "mask.fieldPaths": "__name__",
        ...Object.fromEntries(conditions),
      },
      json: { fields: encodeFields(fields, place) },
      response: VendorDocument,
    });
    return { document, updateTime };
  },
});

/** Without a mask Firestore would replace the whole document. */
function nothingToDo(): Fault {
  return new Fault("invalid_argument", "firestore.update-document: names no field; give fields", {
    origin: "caller",
    details: { field: "fields" },
  });
}
