import type { Api } from "#shared/integration";
import * as z from "zod";
import { formatFieldPath, parseFieldPath } from "./field-path.ts";
import { statusOf, VendorStatus } from "./client.ts";
import { collectionId, placeOf, requireWholeDatabase } from "./place.ts";

/** A collection's id, whose settings hold for all collections of that name; `-` for all there are. */
export const anyCollection = z.union([z.literal("-"), collectionId]).default("-");

/** The resource's name. Throws `permission_denied` for a connection that is not for the whole database. */
export function collectionGroup(api: Api, collection: string): string {
  const { databaseName } = requireWholeDatabase(placeOf(api));
  return `${databaseName}/collectionGroups/${collection}`;
}

/** The resource of a field's settings; `*` for all fields without settings of their own. */
export function fieldResource(api: Api, collection: string, field: string): string {
  const name = field === "*" ? field : formatFieldPath(parseFieldPath(field));
  return `${collectionGroup(api, collection)}/fields/${name}`;
}

/** What a resource's name ends with. */
export function lastOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.collectionGroups.indexes#Index */
export const VendorIndex = z.object({
  name: z.string().optional(),
  queryScope: z.string().optional(),
  state: z.string().optional(),
  fields: z
    .array(
      z.object({
        fieldPath: z.string().optional(),
        order: z.string().optional(),
        arrayConfig: z.string().optional(),
        vectorConfig: z.object({ dimension: z.int() }).optional(),
      }),
    )
    .optional(),
});

/** How a field is indexed: in an order, by the elements of its list, or by the neighbours of its vector. */
export const indexedBy = {
  order: z.enum(["asc", "desc"]).optional(),
  array: z.literal("contains").optional(),
  vectorDimension: z.int().min(1).max(2_048).optional(),
};

type IndexedBy = { readonly [Name in keyof typeof indexedBy]?: z.output<(typeof indexedBy)[Name]> };

/** The vendor's form of {@link indexedBy}. */
export function encodeIndexedBy({ order, array, vectorDimension: dimension }: IndexedBy): object {
  if (array !== undefined) return { arrayConfig: "CONTAINS" };
  if (dimension !== undefined) return { vectorConfig: { dimension, flat: {} } };
  return { order: order === "desc" ? "DESCENDING" : "ASCENDING" };
}

export const scope = z.enum(["collection", "collection-group"]);
export const vendorScope = {
  collection: "COLLECTION",
  "collection-group": "COLLECTION_GROUP",
} as const;

/** An operation that goes on after its request, which get-operation asks for. */
export const Operation = z.object({
  operation: z.string(),
  done: z.boolean(),
  /** Why it failed, when it did. */
  error: z.string().nullable(),
  /** What it works on: the index or the field. */
  target: z.string().nullable(),
  /** Of the documents that are to be looked at, where Firestore tells. */
  percent: z.int().nullable(),
});

const Work = z.object({
  estimatedWork: z.string().optional(),
  completedWork: z.string().optional(),
});

/** https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.operations#Operation */
export const VendorOperation = z
  .object({
    name: z.string(),
    done: z.boolean().optional(),
    error: VendorStatus.optional(),
    metadata: z
      .object({
        index: z.string().optional(),
        field: z.string().optional(),
        progressDocuments: Work.optional(),
      })
      .optional(),
  })
  .transform(({ name, done = false, error, metadata = {} }): z.infer<typeof Operation> => {
    const target = metadata.index ?? metadata.field;
    return {
      operation: lastOf(name),
      done,
      error: error === undefined ? null : (statusOf(error)?.reason ?? null),
      target: target === undefined ? null : lastOf(target),
      percent: percentOf(metadata.progressDocuments),
    };
  });

function percentOf({ estimatedWork = "", completedWork = "0" }: z.infer<typeof Work> = {}):
  | number
  | null {
  const estimated = Number(estimatedWork);
  if (!(estimated > 0)) return null;
  return Math.min(100, Math.floor((100 * Number(completedWork)) / estimated));
}
