import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";

const IMPORT = /^import \{([^}]*)\} from "[#]shared\/([\w-]+)";$/gm;
const EXPORT = /^export (type )?\{([^}]*)\} from "\.\/([^"]+)";$/gm;

/** Where a name of an area comes from: its file, and what it is called there. */
type Origin = { readonly file: string; readonly name: string };

/**
 * Lets imports of an area (`#shared/<area>`) lead to the files behind its `index.ts`. esbuild shares chunks by file, and an
 * index that one lazy chunk needs leads every start that names the same index to all of that chunk's files.
 */
export function directImports(root: string): Plugin {
  const areas = new Map<string, ReadonlyMap<string, Origin>>();
  const originsOf = (area: string): ReadonlyMap<string, Origin> => {
    const known = areas.get(area) ?? readOrigins(join(root, "shared", area));
    areas.set(area, known);
    return known;
  };
  return {
    name: "direct-imports",
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!path.startsWith(root) || path.includes("/node_modules/")) return undefined;
        const contents = readFileSync(path, "utf8").replaceAll(IMPORT, (text, names, area) =>
          redirect(text, String(names), originsOf(String(area))),
        );
        return { contents, loader: "ts" };
      });
    },
  };
}

/** An import in as many lines as before, so that source maps stay true; names of the index's own are left to it. */
function redirect(text: string, names: string, origins: ReadonlyMap<string, Origin>): string {
  const wanted = namesIn(names).filter(({ isType }) => !isType);
  if (!wanted.every(({ name }) => origins.has(name))) return text;
  const imports = wanted.map(({ name, alias }) => {
    const { file, name: original } = origins.get(name) ?? { file: "", name };
    return `import { ${original} as ${alias} } from ${JSON.stringify(file)};`;
  });
  return imports.join(" ") + "\n".repeat(text.split("\n").length - 1);
}

/** The names that an area's index exports from its files. */
export function readOrigins(folder: string): ReadonlyMap<string, Origin> {
  const index = readFileSync(join(folder, "index.ts"), "utf8");
  return new Map(
    [...index.matchAll(EXPORT)].flatMap(([, type, names = "", file = ""]) =>
      namesIn(names).flatMap(({ isType, name, alias }) =>
        isType || type !== undefined ? [] : [[alias, { file: join(folder, file), name }] as const],
      ),
    ),
  );
}

function namesIn(list: string): { isType: boolean; name: string; alias: string }[] {
  return list
    .split(",")
    .map((one) => /^\s*(type\s+)?(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(one))
    .flatMap((match) => {
      const [, type, name, alias = name] = match ?? [];
      return name === undefined || alias === undefined
        ? []
        : [{ isType: type !== undefined, name, alias }];
    });
}
