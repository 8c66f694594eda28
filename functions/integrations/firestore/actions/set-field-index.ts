import { defineAction } from "#shared/integration";
import * as z from "zod";
import {
  encodeIndexedBy,
  fieldResource,
  Operation,
  scope,
  VendorOperation,
  vendorScope,
} from "../admin.ts";
import { groupsReference, scopes } from "../client.ts";
import { fieldPath } from "../field-path.ts";
import { collectionId, resource } from "../place.ts";

export const setFieldIndex = defineAction({
  summary:
    "Say by what a single field is indexed: by nothing to make writes cheaper, or as by default",
  docs: `${groupsReference}.fields/patch`,
  scopes,
  effect: "write",
  idempotency: { kind: "natural", why: "the field's settings are those that are given" },
  input: z.object({
    collection: collectionId,
    /** `*` for all fields of the collection without settings of their own. */
    field: fieldPath,
    indexes: z.union([
      z.literal("default"),
      z
        .array(
          z.strictObject({
            order: z.enum(["asc", "desc"]).optional(),
            array: z.literal("contains").optional(),
            scope: scope.default("collection"),
          }),
        )
        .max(6),
    ]),
  }),
  output: Operation,
  run(api, { collection, field, indexes }) {
    const name = fieldResource(api, collection, field);
    const encoded =
      indexes === "default"
        ? {}
        : {
            indexConfig: {
              indexes: indexes.map(({ scope: queryScope, ...by }) => ({
                queryScope: vendorScope[queryScope],
                fields: [{ fieldPath: field, ...encodeIndexedBy(by) }],
              })),
            },
          };
    return api.request({
      method: "PATCH",
      path: resource(name),
      query: { updateMask: "indexConfig" },
      json: { name, ...encoded },
      response: VendorOperation,
    });
  },
});
