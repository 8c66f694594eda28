import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../esbuild.config.ts";
import type { Figure, Row } from "../report.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, ".build/bench-integrations");
const ROUNDS = 11;
const ALL = "all together";

/** What one integration, and all of them in one process, may cost to import. */
const LIMIT = { oneMs: 80, oneMb: 30, allMs: 300 };

/** Imports of integrations into empty processes, bundled as our functions are: time, and memory above an empty one. */
export async function integrations(): Promise<Row> {
  const ids = readdirSync(join(root, "functions/integrations"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
    .map(({ name }) => name);
  const programs = new Map<string, string>([
    ["empty process", ""],
    ...ids.map((id): [string, string] => [id, program([id])]),
    [ALL, program(ids)],
  ]);
  const files = new Map<string, string>();
  for (const [name, text] of programs) files.set(name, await build(name, text));
  const empty = measure(files.get("empty process") ?? "");
  const figures = [...files].flatMap(([name, file]) => {
    const { ms, mb } = measure(file);
    if (name === "empty process") return [];
    const mostMs = name === ALL ? LIMIT.allMs : LIMIT.oneMs;
    return [
      figure(`${name}, import`, ms, "ms", mostMs),
      ...(name === ALL ? [] : [figure(`${name}, memory`, mb - empty.mb, "MB", LIMIT.oneMb)]),
    ];
  });
  return { id: "integrations", title: `Cold import of ${ids.length} integrations`, figures };
}

function figure(name: string, value: number, unit: string, most: number): Figure {
  return { name, value, unit, target: `≤ ${most}`, met: value <= most };
}

function program(ids: readonly string[]): string {
  const imports = ids.map(
    (id, index) => `import i${index} from "../../functions/integrations/${id}/index.ts";`,
  );
  return `${imports.join("\n")}\nexport const all = [${ids.map((_, index) => `i${index}`).join(", ")}];\n`;
}

async function build(name: string, text: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const out = name.replaceAll(" ", "-");
  const entry = join(folder, `${out}.ts`);
  writeFileSync(entry, text || "export const all = [];\n");
  await bundle("aws", [{ in: entry, out }], join(folder, out));
  return join(folder, out, `${out}.mjs`);
}

/** Medians over fresh processes. */
function measure(file: string): { readonly ms: number; readonly mb: number } {
  const script = `const t = performance.now(); const { all } = await import(${JSON.stringify(file)});
process.stdout.write(JSON.stringify([performance.now() - t, process.memoryUsage().rss / 1e6, all.length]));`;
  const runs = Array.from({ length: ROUNDS }, () => {
    const given = ["--input-type=module", "-e", script];
    const { status, stdout, stderr } = spawnSync(process.execPath, given, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${file} was not imported: ${stderr}`);
    const [ms = 0, mb = 0] = JSON.parse(stdout) as number[];
    return { ms, mb };
  });
  return { ms: median(runs.map(({ ms }) => ms)), mb: median(runs.map(({ mb }) => mb)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
