import type { FunctionSizes } from "../budget/functions.ts";
import type { Package } from "./packages.ts";

const KB = 1000;

/** The packages and their sizes, for people: zipped, unpacked, and what is loaded when the package starts. */
export function sizesTable(packages: readonly Package[], start: FunctionSizes): string {
  const rows = packages.map(({ cloud, name, zipBytes, unpackedBytes }) => {
    const startBytes = start[`${cloud}/${name === "app" ? "(app start)" : name}`] ?? 0;
    const sizes = [zipBytes, unpackedBytes, startBytes].map((bytes) => (bytes / KB).toFixed(0));
    return [`${cloud}/${name}`, ...sizes];
  });
  const head = ["package", "zip KB", "unpacked KB", "start KB"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ");
  return `${[head, ...rows].map(line).join("\n")}\n`;
}
