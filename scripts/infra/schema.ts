import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What an argument takes; `any` where the package does not say. */
export type ArgumentType =
  | { readonly kind: "string" | "number" | "boolean" | "any" }
  | { readonly kind: "list" | "map"; readonly of: ArgumentType }
  | { readonly kind: "block"; readonly many: boolean; readonly schema: BlockSchema };

/** Arguments and nested blocks by their names in Terraform. */
export type BlockSchema = ReadonlyMap<
  string,
  { readonly required: boolean; readonly type: ArgumentType }
>;

/** A resource or data source: what it takes, and what others may read of it. */
export type TypeSchema = {
  readonly arguments: BlockSchema;
  readonly attributes: ReadonlySet<string>;
};

/** Looks a type up; `undefined` where the provider has none of this name. */
export type SchemaSource = (
  kind: "resource" | "data" | "provider",
  type: string,
) => TypeSchema | undefined;

/**
 * Schemas out of the declarations of `@cdktf/provider-<name>` packages below `modules`, which are generated from the
 * providers' own schemas. Throws when a provider's package is not there: then nothing would be checked.
 */
export function packageSchemas(modules: string): SchemaSource {
  return (kind, type) => {
    const provider = type.split("_")[0] ?? "";
    const lib = join(modules, "@cdktf", `provider-${provider}`, "lib");
    if (!existsSync(lib)) {
      throw new Error(`${lib} is not there: npm --prefix infra/check ci installs it`);
    }
    const file = join(lib, folderOf(kind, type, provider), "index.d.ts");
    return existsSync(file) ? readSchema(readFileSync(file, "utf8"), type) : undefined;
  };
}

function folderOf(kind: "resource" | "data" | "provider", type: string, provider: string): string {
  if (kind === "provider") return "provider";
  const name = type.slice(provider.length + 1).replaceAll("_", "-");
  return kind === "data" ? `data-${provider}-${name}` : name;
}

/** The schema in one declaration file; `undefined` if it declares another type. */
export function readSchema(text: string, type: string): TypeSchema | undefined {
  if (!text.includes(`static readonly tfResourceType = "${type}"`)) return undefined;
  const interfaces = new Map<string, string>();
  for (const [, name = "", body = ""] of text.matchAll(
    /^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm,
  )) {
    interfaces.set(name, body);
  }
  const config = [...interfaces.keys()].find((name) => name.endsWith("Config"));
  if (config === undefined) return undefined;
  const [, main = ""] =
    /^export declare class \w+ extends cdktf\.Terraform\w+ \{\n([\s\S]*?)^\}/m.exec(text) ?? [];
  // Each has a twin with what was put in.
  const attributes = [...main.matchAll(/^ {4}get (\w+?)(?<!Input)\(/gm)].map(([, name = ""]) =>
    snakeCase(name),
  );
  return { arguments: readBlock(config, interfaces), attributes: new Set(attributes) };
}

const MEMBER =
  /\/\*\*([\s\S]*?)\*\/\s*readonly \w+(\?)?: ([\s\S]*?);\n(?=\s*\/\*\*|\s*readonly|\s*$)/g;

function readBlock(name: string, interfaces: ReadonlyMap<string, string>): BlockSchema {
  const members = [...(interfaces.get(name) ?? "").matchAll(MEMBER)];
  return new Map(
    members.flatMap(([, doc = "", optional, type = ""]) => {
      const [, argument] = /#(\w+) \w+#\w+\}/.exec(doc) ?? [];
      if (argument === undefined) return [];
      return [[argument, { required: optional === undefined, type: readType(type, interfaces) }]];
    }),
  );
}

function readType(text: string, interfaces: ReadonlyMap<string, string>): ArgumentType {
  const type = text
    .replaceAll(/\s*\| cdktf\.IResolvable/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (type === "string" || type === "number" || type === "boolean") return { kind: type };
  const [, item] = /^\(?([^()]*)\)?\[\]$/.exec(type) ?? [];
  if (item !== undefined) {
    const of = readType(item, interfaces);
    return of.kind === "block" ? { ...of, many: true } : { kind: "list", of };
  }
  const [, value] = /^\{ \[key: string\]: (.*?);? \}$/.exec(type) ?? [];
  if (value !== undefined) return { kind: "map", of: readType(value, interfaces) };
  if (!interfaces.has(type)) return { kind: "any" };
  return { kind: "block", many: false, schema: readBlock(type, interfaces) };
}

/** The generator writes `http2Enabled` for `http2_enabled`. */
function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
