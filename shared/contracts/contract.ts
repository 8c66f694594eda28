import * as z from "zod";

/** JSON Schema 2020-12; `$ref` only to `#/$defs/<name>`. */
export type Schema = boolean | { readonly [keyword: string]: unknown };

const Schema: z.ZodType<Schema> = z.union([z.boolean(), z.record(z.string(), z.unknown())]);

const Content = z.record(z.string(), Schema);

const Parameter = z.strictObject({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.literal(true).optional(),
  /** `deepObject` is sent as `name[member]=…`; `any` stands for whatever other names are sent. */
  style: z.enum(["deepObject", "any"]).optional(),
  schema: Schema,
});

/** What tells operations of the same method and path apart, such as AWS's `x-amz-target`. */
const Selector = z.strictObject({
  in: z.enum(["header", "query"]),
  name: z.string(),
  value: z.string(),
});

const Operation = z.strictObject({
  method: z.string(),
  /** From the host on. `{name}` is one segment or a part of one, `{+name}` may be several (RFC 6570). */
  path: z.string().startsWith("/"),
  /** Which of the sources describes it. */
  source: z.string(),
  select: z.array(Selector).optional(),
  parameters: z.array(Parameter),
  body: z.strictObject({ required: z.literal(true).optional(), content: Content }).optional(),
  /** By status, `4XX` or `default`; then by media type, nothing where there is no body. */
  responses: z.record(z.string(), Content),
});

/** Where a description came from, so that anyone can get it again. */
const Source = z.strictObject({
  format: z.string(),
  from: z.string(),
  path: z.string().optional(),
  version: z.string().optional(),
  license: z.string(),
});

/**
 * What the vendor does and its description does not say, written by hand into contract.json and kept when it is made
 * anew. `at` is empty for a whole operation that is not described, otherwise what a violation names, where `-` stands
 * for any index: `query filter`, `body /blocks`, `response /messages/-/metadata`. One that excuses nothing is an error.
 */
const Exception = z.strictObject({
  method: z.string(),
  path: z.string(),
  at: z.string(),
  reason: z.string().min(10),
});

/** `functions/integrations/<id>/contract.json`: the slice of vendors' descriptions that an integration's fixtures use. */
export const Contract = z.strictObject({
  /** By file, relative to where the descriptions are kept; an operation is looked for in their order. */
  sources: z.record(z.string(), Source),
  exceptions: z.array(Exception),
  operations: z.array(Operation),
  $defs: z.record(z.string(), Schema),
});

export type Contract = z.infer<typeof Contract>;
export type Exception = z.infer<typeof Exception>;
export type Operation = z.infer<typeof Operation>;
export type Parameter = z.infer<typeof Parameter>;
export type Selector = z.infer<typeof Selector>;
export type Source = z.infer<typeof Source>;
