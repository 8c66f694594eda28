import { defineAction } from "#shared/integration";
import * as z from "zod";
import { collectionGroup } from "../admin.ts";
import { groupsReference, scopes } from "../client.ts";
import { collectionId, resource } from "../place.ts";

export const deleteIndex = defineAction({
  summary: "Delete a composite index; queries that need it fail from then on",
  docs: `${groupsReference}.indexes/delete`,
  scopes,
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone; a repeat is told not_found" },
  input: z.object({ collection: collectionId, index: z.string().regex(/^[\w-]{1,100}$/) }),
  output: z.object({ index: z.string() }),
  async run(api, { collection, index }) {
    await api.request({
      method: "DELETE",
      path: resource(`${collectionGroup(api, collection)}/indexes/${index}`),
      response: z.object({}),
    });
    return { index };
  },
});
