import { Fault } from "#shared/errors";
import { type Api, type ApiPath, path } from "#shared/integration";
import * as z from "zod";
import {
  type FieldPath,
  formatFieldPath,
  isWithin,
  NAME_FIELD,
  parseFieldPath,
} from "./field-path.ts";
import type { References } from "./value.ts";

/** https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
const SEGMENT = String.raw`(?!\.{1,2}(?:/|$)|__.*__(?:/|$))[^/]{1,1500}`;
const PAIR = `${SEGMENT}/${SEGMENT}`;

/** A document below the connection's root: `orders/o-1`, `orders/o-1/lines/1`. */
export const documentPath = z
  .string()
  .max(6_144)
  .regex(new RegExp(`^${PAIR}(?:/${PAIR})*$`), "is no path of a document, such as orders/o-1");
/** A collection below the connection's root: `orders`, `orders/o-1/lines`. */
export const collectionPath = z
  .string()
  .max(6_144)
  .regex(
    new RegExp(`^${SEGMENT}(?:/${PAIR})*$`),
    "is no path of a collection, such as orders or orders/o-1/lines",
  );
/** A document, or nothing for the connection's root. */
export const rootPath = z.union([z.literal(""), documentPath]);
/** What all collections of one name are called. */
export const collectionId = z.string().regex(new RegExp(`^${SEGMENT}$`));

/** What a connection may see: a database, within it a document's subcollections, and of documents some fields. */
export type Place = References & {
  readonly project: string;
  readonly database: string;
  /** The resource's name. */
  readonly databaseName: string;
  /** What documents' names begin with, the last slash included. */
  readonly prefix: string;
  /** `undefined` for all. */
  readonly readable: readonly FieldPath[] | undefined;
  readonly writable: readonly FieldPath[] | undefined;
};

/** What the connection of a call may see, from its settings. */
export function placeOf({ config }: Api): Place {
  const { project = "", database = "", root = "" } = config;
  const databaseName = `projects/${project}/databases/${database}`;
  const documents = `${databaseName}/documents/`;
  const prefix = root === "" ? documents : `${documents}${root}/`;
  return {
    project,
    database,
    databaseName,
    prefix,
    readable: fieldsOf(config["readable-fields"]),
    writable: fieldsOf(config["writable-fields"]),
    toName: (given) => (FULL_NAME.test(given) ? given : prefix + relative(given)),
    toPath: (name) => {
      const below = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      return FULL_NAME.test(below) ? name : below;
    },
  };
}

/** A reference may lead out of the connection's root: it is a value, and following it takes another connection. */
const FULL_NAME = /^projects\/[^/]+\/databases\/[^/]+\/documents\/./;

function relative(given: string): string {
  if (documentPath.safeParse(given).success) return given;
  throw new Fault(
    "invalid_argument",
    "firestore.value: a $reference is no path of a document, such as orders/o-1; correct it",
    { origin: "caller", details: { field: "$reference" } },
  );
}

function fieldsOf(list: string | undefined): readonly FieldPath[] | undefined {
  if (list === undefined || list === "") return undefined;
  return list.split(",").map((text) => parseFieldPath(text.trim()));
}

/** The address of a resource, with what is done to it (`:runQuery`) behind its name. */
export function resource(name: string, verb = ""): ApiPath {
  const segments = name.replace(/\/$/, "").split("/");
  return { encoded: segments.map((one) => path`/${one}`.encoded).join("") + verb };
}

/** The resource that collections are below: the root, or a document in it. */
export function parentName({ prefix }: Place, document: string): string {
  return document === "" ? prefix.replace(/\/$/, "") : prefix + document;
}

/** A collection as queries name it: what it is below, and its id. */
export function splitCollection(
  place: Place,
  collection: string,
): { readonly parent: string; readonly id: string } {
  const slash = collection.lastIndexOf("/");
  return {
    parent: parentName(place, slash === -1 ? "" : collection.slice(0, slash)),
    id: collection.slice(slash + 1),
  };
}

/** The fields to ask for, of those asked for; `undefined` for all. Throws `permission_denied` for one not to be read. */
export function maskOf(place: Place, asked: readonly string[] | undefined): string[] | undefined {
  if (asked === undefined) return place.readable?.map(formatFieldPath);
  return asked.map((field) => readableField(place, field));
}

/** A field that is about to be read, compared or ordered by, as the vendor reads it. Throws as {@link maskOf}. */
export function readableField(place: Place, field: string): string {
  if (!isReadable(place, field)) throw closed("readable-fields", "read this field", field);
  return field === NAME_FIELD ? field : formatFieldPath(parseFieldPath(field));
}

/** Whether the connection may read a field. */
export function isReadable({ readable }: Place, field: string): boolean {
  return (
    readable === undefined || field === NAME_FIELD || isWithin(readable, parseFieldPath(field))
  );
}

/** A field that is about to be written, as the vendor reads it. Throws `permission_denied` for one that is not writable. */
export function writableField({ writable }: Place, names: FieldPath): string {
  const field = formatFieldPath(names);
  if (writable !== undefined && !isWithin(writable, names)) {
    throw closed("writable-fields", "write this field", field);
  }
  return field;
}

/** Throws `permission_denied` where a connection that may write only some fields is about to write all of a document. */
export function requireAllFields({ writable }: Place): void {
  if (writable === undefined) return;
  throw closed("writable-fields", "replace or delete a whole document", "*");
}

/** Throws `permission_denied` for a connection that is not for all of the project: indexes and rules are. */
export function requireWholeDatabase(place: Place): Place {
  const { prefix, databaseName, readable, writable } = place;
  const whole = prefix === `${databaseName}/documents/`;
  if (whole && readable === undefined && writable === undefined) return place;
  throw new Fault(
    "permission_denied",
    'firestore.place: this is for the whole database, and the connection is limited by "root", "readable-fields" or "writable-fields"; use another one',
    { origin: "caller" },
  );
}

function closed(setting: string, deed: string, field: string): Fault {
  return new Fault(
    "permission_denied",
    `firestore.place: the connection's "${setting}" do not let it ${deed}; use another one`,
    { origin: "caller", details: { field } },
  );
}
