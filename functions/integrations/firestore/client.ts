import type { Code } from "#shared/errors";
import type { ErrorOf } from "#shared/integration";
import * as z from "zod";
import type { Place } from "./place.ts";
import { decodeFields, Fields, VendorValue } from "./value.ts";

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto, by number. */
const codes: readonly (readonly [name: string, code: Code])[] = [
  ["OK", "internal"],
  ["CANCELLED", "cancelled"],
  ["UNKNOWN", "internal"],
  ["INVALID_ARGUMENT", "invalid_argument"],
  ["DEADLINE_EXCEEDED", "deadline_exceeded"],
  ["NOT_FOUND", "not_found"],
  ["ALREADY_EXISTS", "already_exists"],
  ["PERMISSION_DENIED", "permission_denied"],
  ["RESOURCE_EXHAUSTED", "resource_exhausted"],
  ["FAILED_PRECONDITION", "failed_precondition"],
  ["ABORTED", "aborted"],
  ["OUT_OF_RANGE", "invalid_argument"],
  ["UNIMPLEMENTED", "unimplemented"],
  ["INTERNAL", "unavailable"],
  ["UNAVAILABLE", "unavailable"],
  ["DATA_LOSS", "internal"],
  ["UNAUTHENTICATED", "unauthenticated"],
];

/** What to do, where the status alone does not tell. Messages of Google's quote documents and are not passed on. */
const hints: readonly (readonly [said: RegExp, hint: string])[] = [
  [/requires an index/i, "the query needs an index, make it with create-index"],
  [/read_?time.*(?:too old|before)/i, "the read time is too old, start again without it"],
  [/contention/i, "too much contention on these documents, try again later"],
  [/base version|update_?time/i, "the document has changed since ifUpdateTime"],
  [/scope/i, "the token lacks a scope"],
  [/database .*does not exist/i, "there is no such database in the project"],
  [/longer than|exceeds the maximum/i, "a document or index entry is too large"],
];

const Failed = z.object({
  error: z.object({ status: z.string().optional(), message: z.string().optional() }),
});

/** https://cloud.google.com/apis/design/errors#error_model; what answers in parts puts it into a list. */
export const errorOf: ErrorOf = ({ status, body }) => {
  if (status < 400) return undefined;
  const failed = Failed.safeParse(Array.isArray(body) ? body[0] : body);
  if (!failed.success) return undefined;
  const { status: name = "", message = "" } = failed.data.error;
  const known = codes.find(([one]) => one === name);
  return known === undefined ? undefined : { code: known[1], reason: reasonOf(name, message) };
};

/** A `google.rpc.Status` within an answer, such as that of one write of a batch; `undefined` where it is well. */
export function statusOf({
  code = 0,
  message = "",
}: VendorStatus): { readonly code: Code; readonly reason: string } | undefined {
  if (code === 0) return undefined;
  const [name, ours] = codes[code] ?? (["UNKNOWN", "internal"] as const);
  return { code: ours, reason: reasonOf(name, message) };
}

function reasonOf(name: string, message: string): string {
  const hint = hints.find(([said]) => said.test(message))?.[1];
  return hint === undefined ? name : `${name}: ${hint}`;
}

export const VendorStatus = z.object({ code: z.int().optional(), message: z.string().optional() });
type VendorStatus = z.infer<typeof VendorStatus>;

/** With up to nine digits after the seconds. */
export const time = z.iso.datetime({ offset: true });

/** https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.documents#Document */
export const VendorDocument = z.object({
  name: z.string(),
  fields: z.record(z.string(), VendorValue).optional(),
  createTime: z.string(),
  updateTime: z.string(),
});
export type VendorDocument = z.infer<typeof VendorDocument>;

/** A document as our callers see it. */
export const Document = z.object({
  /** Below the connection's root. */
  document: z.string(),
  fields: Fields,
  createTime: z.string(),
  /** For `ifUpdateTime`. */
  updateTime: z.string(),
});
export type Document = z.infer<typeof Document>;

/** A document of an answer as our callers see it. */
export function toDocument(place: Place, given: VendorDocument): Document {
  const { name, fields = {}, createTime, updateTime } = given;
  return {
    document: place.toPath(name),
    fields: decodeFields(fields, place),
    createTime,
    updateTime,
  };
}

export const scopes = ["https://www.googleapis.com/auth/datastore"];
export const reference = "https://cloud.google.com/firestore/docs/reference/rest/v1";
export const documentsReference =
  "https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.documents";
export const rulesScopes = ["https://www.googleapis.com/auth/cloud-platform"];
export const groupsReference =
  "https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.collectionGroups";
