import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { renderRow, type Row } from "./report.ts";
import { rows } from "./rows.ts";

/** Measures a row in a fresh process: what one row did to the compiler must not count in the next. */
async function measure(name: string): Promise<Row> {
  const child = fork(fileURLToPath(new URL("measure-row.ts", import.meta.url)), [name]);
  const [row] = await Promise.race([
    once(child, "message") as Promise<[Row]>,
    once(child, "exit").then(([code]) => {
      throw new Error(`row ${name} ended with ${code} before it was measured`);
    }),
  ]);
  return row;
}

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean" } },
  allowPositionals: true,
});
const known = Object.keys(rows);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no row ${unknown.join(", ")}; choose of ${known.join(", ")}\n`);
  process.exit(2);
}

const measured: Row[] = [];
for (const name of positionals.length === 0 ? known : positionals) {
  const row = await measure(name);
  measured.push(row);
  if (values.json !== true) process.stdout.write(`${renderRow(row)}\n`);
}

const report = {
  node: process.version,
  cpu: `${availableParallelism()} × ${cpus()[0]?.model ?? "unknown"}`,
  rows: measured,
};
const folder = fileURLToPath(new URL("results/", import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}latest.json`, `${JSON.stringify(report, undefined, 2)}\n`);
if (values.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
