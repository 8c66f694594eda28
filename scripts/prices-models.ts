import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { FilteredPrices } from "#shared/models";
import { type ModelMove, readModelMap } from "./prices/model-map.ts";

/**
 * `npm run prices:models -- <file> [YYYY-MM-DD]`: filters a copy of the public price map, gzipped or not, prints what of
 * it can be used, and where the prices of our own catalogue are no longer the map's. Exits with 1 where one has moved.
 */
const [file, asOf = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("name a copy of model_prices_and_context_window.json\n");
  process.exit(2);
}
const bytes = readFileSync(file);
const text = file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
const { prices, moves } = readModelMap(JSON.parse(text.toString()), asOf);
for (const line of [...countsOf(prices), ...moves.map(lineOf)]) process.stdout.write(`${line}\n`);
process.exitCode = moves.length === 0 ? 0 : 1;

function countsOf({ usable, refused }: FilteredPrices): string[] {
  const byDefect = Map.groupBy(refused.values(), (defect) => defect);
  const lines = [...byDefect].map(([defect, rows]) => ({
    name: defect as string,
    count: rows.length,
  }));
  const counts = [
    { name: "usable for chat", count: usable.filter(({ kind }) => kind === "chat").length },
    {
      name: "usable for embeddings",
      count: usable.filter(({ kind }) => kind === "embedding").length,
    },
    ...lines.toSorted((a, b) => b.count - a.count),
  ];
  return counts.map(({ name, count }) => `${String(count).padStart(6)}  ${name}`);
}

function lineOf({ model, lastUsd, usd }: ModelMove): string {
  return usd === undefined
    ? `${model} has no usable row`
    : `${model} is ${usd} in the map, ${lastUsd} here`;
}
