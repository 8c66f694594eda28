import { Fault } from "#shared/errors";
import * as z from "zod";

/** https://cloud.google.com/firestore/docs/reference/rest/v1/Value; of the members at most one is there. */
export const VendorValue = z.looseObject({
  booleanValue: z.boolean().optional(),
  /** Text by the reference, a number in what some of Google's tools send. */
  integerValue: z.union([z.string().regex(/^-?\d{1,19}$/), z.int()]).optional(),
  doubleValue: z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]).optional(),
  timestampValue: z.string().optional(),
  stringValue: z.string().optional(),
  bytesValue: z.string().optional(),
  referenceValue: z.string().optional(),
  /** A coordinate that is zero is left out. */
  geoPointValue: z
    .object({ latitude: z.number().optional(), longitude: z.number().optional() })
    .optional(),
  get arrayValue() {
    return z.object({ values: z.array(VendorValue).optional() }).optional();
  },
  get mapValue() {
    return z.object({ fields: z.record(z.string(), VendorValue).optional() }).optional();
  },
});
export type VendorValue = z.infer<typeof VendorValue>;
export type VendorFields = Readonly<Record<string, VendorValue>>;

/**
 * A value as our callers see it. JSON says null, truth, text, lists, maps and numbers; a number is an integer if it is a
 * whole one within 2^53, as in Google's own JavaScript client, and a double otherwise. What JSON cannot say is an object
 * of one member: `{"$integer": "9007199254740993"}`, `{"$double": 5 | "NaN" | "Infinity" | "-Infinity" | "-0"}`,
 * `{"$timestamp": "2026-01-01T00:00:00Z"}`, `{"$bytes": base64}`, `{"$geo": {latitude, longitude}}`,
 * `{"$reference": path}`, `{"$vector": [1, 2]}`, and `{"$map": {…}}` for a map that would look like one of these.
 */
export type Value = z.infer<typeof Value>;
export const Value = z.json();
export const Fields = z.record(z.string().min(1), Value);
export type Fields = z.infer<typeof Fields>;

/** How references are told: relative to what the connection may see. Both are inverses of each other. */
export type References = {
  readonly toName: (path: string) => string;
  readonly toPath: (name: string) => string;
};

/** https://firebase.google.com/docs/firestore/quotas#limits */
const MAX_DEPTH = 20;
const VECTOR = "__vector__";
const INT64 = 2n ** 63n;

/** The vendor's form of a value. Throws `invalid_argument` from `caller`, naming the place, for what Firestore cannot hold. */
export function encodeValue(value: Value, references: References): VendorValue {
  return encode(value, { references, at: "value", depth: 0, inArray: false });
}

/** The vendor's form of a document's fields. Throws as {@link encodeValue}. */
export function encodeFields(fields: Fields, references: References): VendorFields {
  return encodeMembers(fields, { references, at: "fields", depth: 0, inArray: false });
}

/** The inverse of {@link encodeValue}. Throws `internal` from `upstream` for a kind of value that is not known. */
export function decodeValue(value: VendorValue, references: References): Value {
  if (value.booleanValue !== undefined) return value.booleanValue;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.integerValue !== undefined) return decodeInteger(String(value.integerValue));
  if (value.doubleValue !== undefined) return decodeDouble(value.doubleValue);
  if (value.timestampValue !== undefined) return { $timestamp: value.timestampValue };
  if (value.bytesValue !== undefined) return { $bytes: value.bytesValue };
  if (value.referenceValue !== undefined) {
    return { $reference: references.toPath(value.referenceValue) };
  }
  if (value.geoPointValue !== undefined) {
    const { latitude = 0, longitude = 0 } = value.geoPointValue;
    return { $geo: { latitude, longitude } };
  }
  if (value.arrayValue !== undefined) {
    return (value.arrayValue.values ?? []).map((one) => decodeValue(one, references));
  }
  if (value.mapValue !== undefined) return decodeMap(value.mapValue.fields ?? {}, references);
  if (Object.hasOwn(value, "nullValue")) return null;
  throw new Fault(
    "internal",
    `firestore.value: the vendor sent a value of an unknown kind; compare with its documentation`,
    { origin: "upstream" },
  );
}

/** The inverse of {@link encodeFields}. */
export function decodeFields(fields: VendorFields, references: References): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, decodeValue(value, references)]),
  );
}

type Context = {
  readonly references: References;
  readonly at: string;
  readonly depth: number;
  readonly inArray: boolean;
};

function encode(value: Value, context: Context): VendorValue {
  if (value === null) return { nullValue: "NULL_VALUE" };
  if (typeof value === "boolean") return { booleanValue: value };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "number") return encodeNumber(value);
  if (Array.isArray(value)) return encodeArray(value, context);
  const [tag, ...others] = Object.keys(value);
  if (tag?.startsWith("$") === true && others.length === 0) {
    return encodeTagged(tag, value[tag], context);
  }
  return { mapValue: { fields: encodeMembers(value, context) } };
}

function encodeNumber(value: number): VendorValue {
  const integer = Number.isSafeInteger(value) && !Object.is(value, -0);
  return integer ? { integerValue: String(value) } : { doubleValue: value };
}

function encodeArray(items: readonly Value[], context: Context): VendorValue {
  if (context.inArray) throw refuse(context.at, "is a list in a list; put a map around it");
  const values = items.map((item, index) =>
    encode(item, { ...context, at: `${context.at}.${index}`, inArray: true }),
  );
  return { arrayValue: { values } };
}

function encodeMembers(fields: Fields, { references, at, depth }: Context): VendorFields {
  if (depth > MAX_DEPTH) throw refuse(at, `is nested deeper than ${MAX_DEPTH}; make it flatter`);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const place = `${at}.${name}`;
      if (/^__.*__$/.test(name)) throw refuse(place, "has a name that Firestore keeps for itself");
      const context = { references, at: place, depth: depth + 1, inArray: false };
      return [name, encode(value, context)];
    }),
  );
}

const Geo = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
/** https://www.rfc-editor.org/rfc/rfc3339, of the years that protobuf's Timestamp has. */
const Time = z.iso.datetime({ offset: true });
const Double = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity", "-0"])]);

function encodeTagged(tag: string, value: Value | undefined, context: Context): VendorValue {
  const { at, references } = context;
  const as = <S extends z.ZodType>(schema: S): z.output<S> => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw refuse(at, `is no ${tag}`);
  };
  switch (tag) {
    case "$integer":
      return { integerValue: as(Int64) };
    case "$double": {
      const double = as(Double);
      // JSON has no sign for zero, so that it is lost on the way; Firestore takes both for equal.
      return { doubleValue: double === "-0" ? -0 : double };
    }
    case "$timestamp":
      return { timestampValue: as(Time) };
    case "$bytes":
      return { bytesValue: as(z.base64()) };
    case "$geo":
      return { geoPointValue: as(Geo) };
    case "$reference":
      return { referenceValue: references.toName(as(z.string())) };
    case "$vector":
      return encodeVector(as(z.array(z.number()).min(1).max(2_048)));
    case "$map":
      return { mapValue: { fields: encodeMembers(as(Fields), context) } };
    default:
      throw refuse(at, `has the unknown type ${tag}; put {"$map": …} around a map of that name`);
  }
}

const Int64 = z.string().refine((text) => {
  return /^(?:0|-?[1-9]\d{0,18})$/.test(text) && BigInt(text) >= -INT64 && BigInt(text) < INT64;
});

/** https://cloud.google.com/firestore/docs/vector-search: a map that says of itself that it is one. */
function encodeVector(numbers: readonly number[]): VendorValue {
  const values = numbers.map((number) => ({ doubleValue: number }));
  return {
    mapValue: { fields: { __type__: { stringValue: VECTOR }, value: { arrayValue: { values } } } },
  };
}

function decodeInteger(text: string): Value {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : { $integer: text };
}

function decodeDouble(value: number | "NaN" | "Infinity" | "-Infinity"): Value {
  if (typeof value === "string") return { $double: value };
  return Object.is(value, -0) ? { $double: "-0" } : value;
}

function decodeMap(fields: VendorFields, references: References): Value {
  const members = decodeFields(fields, references);
  const { __type__: type, value } = members;
  if (type === VECTOR && Array.isArray(value)) return { $vector: value };
  const [tag, ...others] = Object.keys(members);
  return tag?.startsWith("$") === true && others.length === 0 ? { $map: members } : members;
}

function refuse(at: string, why: string): Fault {
  return new Fault("invalid_argument", `firestore.value: ${at} ${why}`, {
    origin: "caller",
    details: { field: at },
  });
}
