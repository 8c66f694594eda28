import * as z from "zod";
import type { Configuration, ConfigurationElement } from "./configuration.ts";
import type { ArgumentType, BlockSchema, SchemaSource } from "./schema.ts";

/** What was looked at, and what does not fit its provider's schema. */
export type Verification = {
  readonly resources: number;
  readonly arguments: number;
  readonly references: number;
  readonly violations: readonly string[];
};

/** Terraform's own arguments: https://developer.hashicorp.com/terraform/language/meta-arguments */
const META = new Set(["count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"]);
const REFERENCE = /\b(data\.)?((?:azurerm|google)_\w+)\.(\w+)(?:\.(\w+))?/g;

const Body = z.record(z.string(), z.unknown());

/**
 * Checks each resource, data source and provider against its schema: that the type and every argument exist, that
 * required ones are there and literals of the right type; and that every reference leads to an attribute of something in
 * the same configuration. What a provider's code refuses beyond its schema is not seen.
 */
export function verify({ elements, texts }: Configuration, schemas: SchemaSource): Verification {
  const checked = elements.map((element) => verifyElement(element, schemas));
  const references = texts.flatMap((text) => referencesIn(text));
  const dangling = new Set(
    references.flatMap((reference) => verifyReference(reference, elements, schemas)),
  );
  return {
    resources: elements.length,
    arguments: checked.reduce((all, { count }) => all + count, 0),
    references: references.length,
    violations: [...checked.flatMap(({ violations }) => violations), ...dangling],
  };
}

type Checked = { readonly count: number; readonly violations: readonly string[] };

function verifyElement(
  { kind, type, name, body }: ConfigurationElement,
  schemas: SchemaSource,
): Checked {
  const at = [type, name].filter((part) => part !== "").join(".");
  const schema = schemas(kind, type);
  if (schema === undefined) {
    return { count: 0, violations: [`${at}: the provider has no ${kind} of type ${type}`] };
  }
  const own = Object.entries(body).filter(([argument]) => !META.has(argument));
  return verifyBlock(Object.fromEntries(own), schema.arguments, at);
}

function verifyBlock(
  body: Readonly<Record<string, unknown>>,
  schema: BlockSchema,
  at: string,
): Checked {
  const missing = [...schema]
    .filter(([name, { required }]) => required && body[name] === undefined)
    .map(([name]) => `${at}: ${name} is required`);
  const checked = Object.entries(body).map(([name, value]): Checked => {
    const argument = schema.get(name);
    if (argument === undefined) return { count: 1, violations: [`${at}: there is no ${name}`] };
    return verifyValue(value, argument.type, `${at}.${name}`);
  });
  return {
    count: checked.reduce((all, { count }) => all + count, 0),
    violations: [...missing, ...checked.flatMap(({ violations }) => violations)],
  };
}

function verifyValue(value: unknown, type: ArgumentType, at: string): Checked {
  const wrong: Checked = { count: 1, violations: [`${at}: ${describe(type)} is wanted`] };
  const right: Checked = { count: 1, violations: [] };
  // What an expression gives is only known when it is applied.
  if (typeof value === "string" && /^\$\{[^]*\}$/.test(value)) {
    return type.kind === "block" ? wrong : right;
  }
  switch (type.kind) {
    case "any":
      return right;
    case "block": {
      const bodies = z.array(Body).safeParse(Array.isArray(value) ? value : [value]);
      if (!bodies.success) return wrong;
      if (!type.many && bodies.data.length > 1) {
        return { count: 1, violations: [`${at}: only one block may be there`] };
      }
      return sum(bodies.data.map((body) => verifyBlock(body, type.schema, at)));
    }
    case "list":
      if (!Array.isArray(value)) return wrong;
      return sum(value.map((item) => verifyValue(item, type.of, at)));
    case "map": {
      const body = Body.safeParse(value);
      if (!body.success) return wrong;
      const items = Object.entries(body.data);
      return sum(items.map(([name, item]) => verifyValue(item, type.of, `${at}["${name}"]`)));
    }
    default:
      return typeof value === type.kind ? right : wrong;
  }
}

function sum(checked: readonly Checked[]): Checked {
  return {
    count: 1 + checked.reduce((all, { count }) => all + count, 0),
    violations: checked.flatMap(({ violations }) => violations),
  };
}

function describe(type: ArgumentType): string {
  if (type.kind === "list" || type.kind === "map") return `a ${type.kind} of ${type.of.kind}s`;
  return `a ${type.kind}`;
}

type Reference = {
  readonly text: string;
  readonly kind: "resource" | "data";
  readonly type: string;
  readonly name: string;
  readonly attribute: string | undefined;
};

/** What the expressions of a text refer to; a text that is an address as a whole is one of `depends_on`. */
function referencesIn(text: string): readonly Reference[] {
  const expressions = [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, expression = ""]) => expression);
  const address = /^(?:data\.)?(?:azurerm|google)_\w+\.\w+$/.test(text) ? [text] : [];
  return [...expressions, ...address].flatMap((expression) =>
    [...expression.matchAll(REFERENCE)].map(([match, isData, type = "", name = "", attribute]) => ({
      text: match,
      kind: isData === undefined ? ("resource" as const) : ("data" as const),
      type,
      name,
      attribute,
    })),
  );
}

function verifyReference(
  { text, kind, type, name, attribute }: Reference,
  elements: readonly ConfigurationElement[],
  schemas: SchemaSource,
): readonly string[] {
  const isThere = elements.some(
    (element) => element.kind === kind && element.type === type && element.name === name,
  );
  if (!isThere) return [`${text}: there is no such ${kind}`];
  const known = attribute === undefined || schemas(kind, type)?.attributes.has(attribute) === true;
  return known ? [] : [`${text}: ${type} has no attribute ${attribute}`];
}
