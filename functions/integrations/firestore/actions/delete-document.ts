import { defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes, time } from "../client.ts";
import { documentPath, placeOf, requireAllFields, resource } from "../place.ts";

export const deleteDocument = defineAction({
  summary: "Delete a document; what is in collections below it stays",
  docs: `${documentsReference}/delete`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "what is gone stays gone; with a condition a repeat is refused",
  },
  input: z.object({
    document: documentPath,
    /** Refuses to delete what is not there. */
    mustExist: z.boolean().default(false),
    ifUpdateTime: time.optional(),
  }),
  output: z.object({ document: z.string() }),
  async run(api, { document, mustExist, ifUpdateTime }) {
    const place = placeOf(api);
    requireAllFields(place);
    await api.request({
      method: "DELETE",
      path: resource(place.prefix + document),
      query: {
        "currentDocument.exists": mustExist && ifUpdateTime === undefined ? true : undefined,
        "currentDocument.updateTime": ifUpdateTime,
      },
      response: z.object({}),
    });
    return { document };
  },
});
