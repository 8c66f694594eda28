import type { Api } from "#shared/integration";
import * as z from "zod";
import { time, VendorStatus } from "./client.ts";
import { fieldPath, parseFieldPath } from "./field-path.ts";
import {
  documentPath,
  isReadable,
  type Place,
  placeOf,
  requireAllFields,
  resource,
  writableField,
} from "./place.ts";
import { decodeValue, encodeFields, encodeValue, Fields, Value, VendorValue } from "./value.ts";

/** https://firebase.google.com/docs/firestore/quotas#writes_and_transactions; a batch may have no more, either. */
export const MAX_WRITES = 500;

const repeatable = [
  /** The time at which Firestore takes the write. */
  z.strictObject({ field: fieldPath, serverTime: z.literal(true) }),
  z.strictObject({ field: fieldPath, maximum: z.number() }),
  z.strictObject({ field: fieldPath, minimum: z.number() }),
  /** Those that are not in the list yet. */
  z.strictObject({ field: fieldPath, append: z.array(Value).min(1) }),
  z.strictObject({ field: fieldPath, remove: z.array(Value).min(1) }),
] as const;

/** https://cloud.google.com/firestore/docs/reference/rest/v1/Write#FieldTransform but for those whose repeat adds up. */
const RepeatableTransform = z.union(repeatable);
const Transform = z.union([
  ...repeatable,
  z.strictObject({ field: fieldPath, increment: z.number() }),
]);
type Transform = z.infer<typeof Transform>;

/** How an update goes about it. */
export const updateOptions = {
  /** Fields to be removed. */
  remove: z.array(fieldPath).max(MAX_WRITES).optional(),
  /** Of `fields` only these, such as one member of a map. The first level where it is left out. */
  mask: z.array(fieldPath).max(MAX_WRITES).optional(),
  /** The document must not have changed since. */
  ifUpdateTime: time.optional(),
  /** Makes the document where it is missing, which is refused otherwise. */
  orCreate: z.boolean().optional(),
};

/** What must be true of a document to be deleted; nothing, where nothing is said. */
export const deleteOptions = {
  mustExist: z.boolean().optional(),
  ifUpdateTime: time.optional(),
};

/** A write, with the kinds of transforms it may have. */
function writeWith<T extends z.ZodType<Transform>>(transform: T) {
  const transforms = z.array(transform).max(MAX_WRITES).optional();
  return z.discriminatedUnion("op", [
    /** Fails where the document is there. */
    z.strictObject({ op: z.literal("create"), document: documentPath, fields: Fields, transforms }),
    /** Replaces the document, or makes it. */
    z.strictObject({
      op: z.literal("set"),
      document: documentPath,
      fields: Fields,
      transforms,
      ifUpdateTime: time.optional(),
    }),
    /** Replaces the named fields and leaves the others. */
    z.strictObject({
      op: z.literal("update"),
      document: documentPath,
      fields: Fields.default({}),
      ...updateOptions,
      transforms,
    }),
    z.strictObject({ op: z.literal("delete"), document: documentPath, ...deleteOptions }),
  ]);
}

export const Write = writeWith(Transform);
export type Write = z.infer<typeof Write>;
/** A write whose repeat has no further effect. */
export const RepeatableWrite = writeWith(RepeatableTransform);

/** https://cloud.google.com/firestore/docs/reference/rest/v1/Precondition */
type Precondition = { readonly exists: boolean } | { readonly updateTime: string };

/** The vendor's form of a write. Throws `permission_denied` for fields that the connection may not write. */
export function encodeWrite(place: Place, write: Write): object {
  const name = place.prefix + write.document;
  const currentDocument = preconditionOf(write);
  const guard = currentDocument === undefined ? {} : { currentDocument };
  if (write.op === "delete") {
    requireAllFields(place);
    return { delete: name, ...guard };
  }
  if (write.op === "set") requireAllFields(place);
  const fieldPaths = updateMask(place, write);
  const updateTransforms = write.transforms?.map((one) => encodeTransform(place, one));
  return {
    update: { name, fields: encodeFields(write.fields, place) },
    ...(write.op === "update" ? { updateMask: { fieldPaths } } : {}),
    ...(updateTransforms === undefined ? {} : { updateTransforms }),
    ...guard,
  };
}

type Touching = {
  readonly fields: Fields;
  readonly remove?: readonly string[] | undefined;
  readonly mask?: readonly string[] | undefined;
};

/** The fields that a write touches. Throws `permission_denied` for one that the connection may not write. */
function updateMask(place: Place, { fields, remove = [], mask }: Touching): string[] {
  const touched = mask?.map(parseFieldPath) ?? Object.keys(fields).map((name) => [name]);
  const paths = [...touched, ...remove.map(parseFieldPath)];
  return [...new Set(paths.map((names) => writableField(place, names)))];
}

/** What must be true of the document. */
function preconditionOf(write: Write): Precondition | undefined {
  if (write.op === "create") return { exists: false };
  if (write.ifUpdateTime !== undefined) return { updateTime: write.ifUpdateTime };
  const mustExist =
    write.op === "update" ? write.orCreate !== true : write.op === "delete" && write.mustExist;
  return mustExist === true ? { exists: true } : undefined;
}

function encodeTransform(place: Place, transform: Transform): object {
  const fieldPaths = { fieldPath: writableField(place, parseFieldPath(transform.field)) };
  const values = (items: readonly Value[]) => ({
    values: items.map((item) => encodeValue(item, place)),
  });
  if ("serverTime" in transform) return { ...fieldPaths, setToServerValue: "REQUEST_TIME" };
  if ("append" in transform) {
    return { ...fieldPaths, appendMissingElements: values(transform.append) };
  }
  if ("remove" in transform) return { ...fieldPaths, removeAllFromArray: values(transform.remove) };
  if ("maximum" in transform) {
    return { ...fieldPaths, maximum: encodeValue(transform.maximum, place) };
  }
  if ("minimum" in transform) {
    return { ...fieldPaths, minimum: encodeValue(transform.minimum, place) };
  }
  return { ...fieldPaths, increment: encodeValue(transform.increment, place) };
}

/** https://cloud.google.com/firestore/docs/reference/rest/v1/WriteResult */
export const VendorWriteResult = z.object({
  updateTime: z.string().optional(),
  transformResults: z.array(VendorValue).optional(),
});

/** What became of a write. */
export const WriteResult = z.object({
  document: z.string(),
  /** For `ifUpdateTime`; null after a delete. */
  updateTime: z.string().nullable(),
  /** What the transforms made, in their order. */
  transformed: z.array(Value),
});

/** What became of a write, without values of fields that the connection may not read. */
export function toResult(
  place: Place,
  write: Write,
  { updateTime, transformResults = [] }: z.infer<typeof VendorWriteResult>,
): z.infer<typeof WriteResult> {
  const transforms = write.op === "delete" ? [] : (write.transforms ?? []);
  const transformed = transformResults.map((value, index) =>
    isReadable(place, transforms[index]?.field ?? "") ? decodeValue(value, place) : null,
  );
  return { document: write.document, updateTime: updateTime ?? null, transformed };
}

/** https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.documents/commit */
export const CommitAnswer = z.object({
  writeResults: z.array(VendorWriteResult).optional(),
  commitTime: z.string(),
});

/** https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.documents/batchWrite */
export const BatchAnswer = z.object({
  writeResults: z.array(VendorWriteResult).optional(),
  status: z.array(VendorStatus).optional(),
});

/** Applies writes in order, all of them or none. */
export async function commit(
  api: Api,
  place: Place,
  writes: readonly object[],
): Promise<z.infer<typeof CommitAnswer>> {
  return api.request({
    method: "POST",
    path: resource(`${place.databaseName}/documents`, ":commit"),
    json: { writes },
    response: CommitAnswer,
  });
}

/** Applies one write, and tells when. */
export async function commitOne(
  api: Api,
  write: Write,
): Promise<{ readonly updateTime: string | null; readonly commitTime: string }> {
  const place = placeOf(api);
  const { commitTime, writeResults = [] } = await commit(api, place, [encodeWrite(place, write)]);
  return { updateTime: writeResults[0]?.updateTime ?? null, commitTime };
}
