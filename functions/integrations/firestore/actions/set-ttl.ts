import { defineAction } from "#shared/integration";
import * as z from "zod";
import { fieldResource, Operation, VendorOperation } from "../admin.ts";
import { scopes } from "../client.ts";
import { fieldPath } from "../field-path.ts";
import { collectionId, resource } from "../place.ts";

export const setTtl = defineAction({
  summary:
    "Have the documents of a collection deleted at the time in one of their fields, or no longer",
  docs: "https://cloud.google.com/firestore/docs/ttl",
  scopes,
  effect: "write",
  idempotency: { kind: "natural", why: "the field's settings are those that are given" },
  input: z.object({
    collection: collectionId,
    /** Holds a timestamp; documents without it stay. Deletion follows within a day. */
    field: fieldPath,
    enabled: z.boolean(),
  }),
  output: Operation,
  run(api, { collection, field, enabled }) {
    const name = fieldResource(api, collection, field);
    return api.request({
      method: "PATCH",
      path: resource(name),
      query: { updateMask: "ttlConfig" },
      json: enabled ? { name, ttlConfig: {} } : { name },
      response: VendorOperation,
    });
  },
});
