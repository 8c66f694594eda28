import { dirname, join, normalize } from "node:path/posix";
import { adapterFiles, arrows, banned, limits, packages, shapes, vagueNames } from "./rules.ts";

/** A source tree in memory: path from the root, with forward slashes, to text. */
export type Tree = ReadonlyMap<string, string>;

/** Every breach of the rules in a tree, one line each, empty when it is sound. */
export function checkArchitecture(tree: Tree): string[] {
  return [
    ...checkImports(tree),
    ...checkBannedText(tree),
    ...checkShapes(tree),
    ...checkAdapters(tree),
    ...checkSizes(tree),
  ];
}

const IMPORT = /(?:(?<!\.)\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g;

function checkImports(tree: Tree): string[] {
  const wrong: string[] = [];
  for (const [file, text] of code(tree)) {
    const arrow = arrows.find(({ from }) => from.test(file));
    const self = arrow?.from.exec(file)?.[0] ?? "";
    const allowed = packages.find(({ from }) => from.test(file))?.may;
    for (const [, specifier = ""] of withoutComments(text).matchAll(IMPORT)) {
      const target = resolve(file, specifier);
      const fits =
        target === undefined
          ? (allowed?.test(specifier) ?? true)
          : arrow === undefined ||
            arrow.to.some((to) => (to === "self" ? target.startsWith(self) : to.test(target)));
      if (!fits) wrong.push(`arrow: ${file} -> ${specifier}`);
    }
  }
  return wrong;
}

/** The path a specifier stands for; `undefined` for a package. */
function resolve(file: string, specifier: string): string | undefined {
  if (specifier.startsWith("#")) return `${specifier.slice(1)}/index.ts`;
  if (specifier.startsWith(".")) return normalize(join(dirname(file), specifier));
  return undefined;
}

function checkBannedText(tree: Tree): string[] {
  return [...code(tree)].flatMap(([file, text]) => {
    const bare = withoutComments(text);
    return banned
      .filter(({ text: pattern, except }) => !except.test(file) && pattern.test(bare))
      .map(({ why }) => `banned: ${file}: ${why}`);
  });
}

function checkShapes(tree: Tree): string[] {
  const wrong: string[] = [];
  for (const { folder, file: pattern, required } of shapes) {
    const units = new Map<string, string[]>();
    for (const file of tree.keys()) {
      const [, unit, rest] = new RegExp(`^${folder}/([^/]+)/(.+)$`).exec(file) ?? [];
      if (unit !== undefined && rest !== undefined)
        units.set(unit, [...(units.get(unit) ?? []), rest]);
    }
    for (const [unit, files] of units) {
      const stray = files.filter((file) => !pattern.test(file));
      const missing = required.filter((file) => !files.includes(file));
      wrong.push(
        ...stray.map((file) => `shape: ${folder}/${unit}/${file} has no place there`),
        ...missing.map((file) => `shape: ${folder}/${unit} lacks ${file}`),
      );
    }
  }
  const vague = [...tree.keys()].filter((file) =>
    file.split("/").some((part) => vagueNames.test(part)),
  );
  return [...wrong, ...vague.map((file) => `name: ${file} says nothing about what is inside`)];
}

function checkAdapters(tree: Tree): string[] {
  return ["aws", "azure", "gcp"].flatMap((cloud) =>
    adapterFiles
      .filter((file) => !tree.has(`adapters/${cloud}/${file}`))
      .map((file) => `shape: adapters/${cloud} lacks ${file}`),
  );
}

function checkSizes(tree: Tree): string[] {
  const lengths = [...code(tree)]
    .filter(([file]) => !file.endsWith(".test.ts"))
    .map(([file, text]) => ({
      file,
      lines: text.split("\n").filter((line) => line.trim()).length,
    }));
  const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return [
    ...lengths
      .filter(({ lines }) => lines > limits.fileLines)
      .map(({ file, lines }) => `size: ${file} has ${lines} lines`),
    ...(median > limits.medianLines ? [`size: the median file has ${median} lines`] : []),
  ];
}

function* code(tree: Tree): Generator<[string, string]> {
  for (const [file, text] of tree) if (/\.tsx?$/.test(file)) yield [file, text];
}

// Textual on purpose: no parser to break. Strings that look like comments are rare enough to live with.
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:"'`\w])\/\/.*$/gm, "");
}
