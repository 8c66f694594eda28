import { defineAction } from "#shared/integration";
import * as z from "zod";
import {
  collectionGroup,
  encodeIndexedBy,
  indexedBy,
  Operation,
  scope,
  VendorOperation,
  vendorScope,
} from "../admin.ts";
import { groupsReference, scopes } from "../client.ts";
import { fieldPath, formatFieldPath, NAME_FIELD, parseFieldPath } from "../field-path.ts";
import { collectionId, resource } from "../place.ts";

export const createIndex = defineAction({
  summary: "Create a composite index, which is then built",
  docs: `${groupsReference}.indexes/create`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "there is one index of a definition; a repeat is told already_exists",
  },
  input: z.object({
    collection: collectionId,
    scope: scope.default("collection"),
    /** In this order; ascending where nothing else is said. */
    fields: z
      .array(z.strictObject({ field: fieldPath, ...indexedBy }))
      .min(1)
      .max(100),
  }),
  output: Operation,
  run: (api, { collection, scope: queryScope, fields }) =>
    api.request({
      method: "POST",
      path: resource(`${collectionGroup(api, collection)}/indexes`),
      json: {
        queryScope: vendorScope[queryScope],
        fields: fields.map(({ field, ...by }) => ({
          fieldPath: field === NAME_FIELD ? field : formatFieldPath(parseFieldPath(field)),
          ...encodeIndexedBy(by),
        })),
      },
      response: VendorOperation,
    }),
});
