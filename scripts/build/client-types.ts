import type { CatalogueEntry, JsonSchema } from "#shared/console";

/**
 * The types of a product's actions for `actionClient` of `shared/client`, as TypeScript: one type, no code, so a program
 * that calls actions needs this file and none of theirs.
 */
export function renderClientTypes(integrations: readonly CatalogueEntry[]): string {
  const members = integrations.map(({ id, actions }) => {
    const own = actions.map(
      ({ id: action, summary, input, output }) =>
        `    /** ${summary.replaceAll("*/", "*\\/")} */\n    readonly ${camel(action)}: {\n      readonly input: ${typeOf(input)};\n      readonly output: ${typeOf(output)};\n    };\n`,
    );
    return `  readonly ${camel(id)}: {\n${own.join("")}  };\n`;
  });
  return `// Rendered by \`npm run gen\` from the actions' schemas.\n\n/** What the actions of this product take and give. */\nexport type Actions = {\n${members.join("")}};\n`;
}

function camel(id: string): string {
  return id.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A schema as a type; what TypeScript cannot say, such as a pattern, is left to the action. */
function typeOf(schema: unknown): string {
  if (!isSchema(schema)) return schema === false ? "never" : "unknown";
  const { type, enum: values, const: value, anyOf, oneOf, allOf } = schema;
  if (value !== undefined) return JSON.stringify(value);
  if (Array.isArray(values)) return union(values.map((one) => JSON.stringify(one)));
  const forms = anyOf ?? oneOf;
  if (Array.isArray(forms)) return union(forms.map(typeOf));
  if (Array.isArray(allOf)) return allOf.map((one) => `(${typeOf(one)})`).join(" & ");
  if (Array.isArray(type)) {
    return union(type.map((one: unknown) => typeOf({ ...schema, type: one })));
  }
  return typeof type === "string" ? named(type, schema) : "unknown";
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}

function named(type: string, schema: JsonSchema): string {
  switch (type) {
    case "object":
      return objectType(schema);
    case "array":
      return `readonly (${typeOf(schema["items"])})[]`;
    case "integer":
      return "number";
    default:
      return type;
  }
}

function objectType({ properties, required, additionalProperties }: JsonSchema): string {
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const members = Object.entries(properties ?? {}).map(
    ([name, one]) =>
      `readonly ${JSON.stringify(name)}${needed.includes(name) ? "" : "?"}: ${typeOf(one)}`,
  );
  const rest = typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown";
  if (members.length === 0) return `Readonly<Record<string, ${rest}>>`;
  return `{ ${members.join("; ")} }`;
}

function union(types: readonly string[]): string {
  return types.length === 0 ? "never" : types.map((one) => `(${one})`).join(" | ");
}
