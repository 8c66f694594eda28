import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as z from "zod";

/** What Terraform reads in one folder: resources and data sources with their bodies, whichever syntax they are in. */
export type Configuration = {
  /** From the repository's root. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly elements: readonly ConfigurationElement[];
  /** Every text in it, expressions included. */
  readonly texts: readonly string[];
};

export type ConfigurationElement = {
  readonly kind: "resource" | "data" | "provider";
  readonly type: string;
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
};

/** Reads HCL; throws where it is none. */
export type HclReader = (text: string) => unknown;

const Body = z.record(z.string(), z.unknown());
// A block is an object, or a list of them.
const Blocks = z.union([Body.transform((body) => [body]), z.array(Body)]);
const Types = z.record(z.string(), z.record(z.string(), Blocks));
const File = z.object({
  resource: Types.default({}),
  data: Types.default({}),
  provider: z.record(z.string(), Blocks).default({}),
});

/** All configurations below a folder: one per folder that has `.tf.json` or `.tf` files. */
export function readConfigurations(
  root: string,
  below: string,
  readHcl: HclReader,
): readonly Configuration[] {
  const files = readdirSync(join(root, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tf(?:\.json)?$/.test(entry.name))
    .filter(({ parentPath }) => !/\/(?:node_modules|\.terraform)(?:\/|$)/.test(parentPath))
    .map(({ name, parentPath }) => join(parentPath, name))
    .toSorted();
  const folders = Map.groupBy(files, (file) => join(file, ".."));
  return [...folders].map(([folder, own]) => {
    const read = own.map((file) => {
      try {
        return readConfigurationFile(readFileSync(file, "utf8"), file, readHcl);
      } catch (cause) {
        throw new Error(`${relative(root, file)} cannot be read: ${String(cause)}`, { cause });
      }
    });
    return {
      folder: relative(root, folder),
      files: own.map((file) => relative(root, file)),
      elements: read.flatMap(({ elements }) => elements),
      texts: read.flatMap(({ texts }) => texts),
    };
  });
}

/** The elements and the texts of one file. Throws where it is not in its syntax. */
export function readConfigurationFile(
  text: string,
  file: string,
  readHcl: HclReader,
): Pick<Configuration, "elements" | "texts"> {
  const content: unknown = file.endsWith(".json") ? JSON.parse(text) : readHcl(text);
  const { resource, data, provider } = File.parse(content);
  const providers = Object.entries(provider).flatMap(([type, bodies]) =>
    bodies.map((body) => ({ kind: "provider", type, name: "", body }) as const),
  );
  return {
    elements: [...elementsOf("resource", resource), ...elementsOf("data", data), ...providers],
    texts: textsIn(content),
  };
}

function elementsOf(
  kind: "resource" | "data",
  types: z.infer<typeof Types>,
): readonly ConfigurationElement[] {
  return Object.entries(types).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, bodies]) =>
      bodies.map((body) => ({ kind, type, name, body })),
    ),
  );
}

/** Every string in a value, at any depth. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  const body = Body.safeParse(value);
  return body.success ? Object.values(body.data).flatMap(textsIn) : [];
}
