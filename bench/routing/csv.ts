import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { InputError } from "./input-error.ts";

/** A table with a header; cells are read by column name. */
export type Table = {
  readonly file: string;
  readonly columns: ReadonlyMap<string, number>;
  readonly rows: readonly (readonly string[])[];
};

/** Reads a table of plain cells, gzipped or not. Throws InputError for a missing file, column or cell. */
export function readTable(file: string, required: readonly string[]): Table {
  const lines = readText(file)
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const header = (lines[0] ?? "").split(",").map((name) => name.trim());
  const columns = new Map(header.map((name, at) => [name, at]));
  requireColumns({ file, columns }, required);
  const rows = lines.slice(1).map((line) => line.split(","));
  const short = rows.findIndex((row) => row.length !== header.length);
  if (short >= 0)
    throw new InputError(
      `${file}: row ${short + 2} has ${rows[short]?.length} cells, the header ${header.length}`,
    );
  return { file, columns, rows };
}

/** Throws InputError when a table lacks a column. */
export function requireColumns(
  { file, columns }: Pick<Table, "file" | "columns">,
  required: readonly string[],
): void {
  const missing = required.filter((name) => !columns.has(name));
  if (missing.length > 0)
    throw new InputError(`${file}: no column ${missing.slice(0, 5).join(", ")}`);
}

/** A cell as text. */
export function text(table: Table, row: readonly string[], column: string): string {
  return (row[table.columns.get(column) ?? -1] ?? "").trim();
}

/** A cell as a number that is finite and not negative. */
export function amount(table: Table, row: readonly string[], column: string): number {
  const cell = text(table, row, column);
  const value = Number(cell);
  if (cell !== "" && Number.isFinite(value) && value >= 0) return value;
  const at = table.rows.indexOf(row) + 2;
  throw new InputError(
    `${table.file}: row ${at} has "${cell.slice(0, 20)}" as ${column}; give a number of 0 or more`,
  );
}

function readText(file: string): string {
  if (!existsSync(file)) throw new InputError(`${file}: no such file`);
  try {
    const bytes = readFileSync(file);
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    throw new InputError(
      `${file}: cannot be read (${error instanceof Error ? error.message : ""})`,
    );
  }
}
