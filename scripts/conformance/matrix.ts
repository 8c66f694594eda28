import type { Cell } from "./read-cells.ts";

/** The drivers of a port and what each made of every rule. */
export type PortMatrix = {
  readonly port: string;
  readonly columns: readonly Column[];
  readonly rows: readonly { readonly id: string; readonly title: string; readonly cells: Row }[];
};

/** A driver, and what stood behind it. */
export type Column = { readonly driver: string; readonly engine: string | null };

/** One cell per column; `undefined` where a driver's suite has no such rule. */
export type Row = readonly (Cell | undefined)[];

export type Tally = {
  readonly cells: number;
  readonly green: number;
  readonly declared: number;
  readonly red: number;
};

/** Cells as one matrix per port, in a stable order. Of two records of the same cell the worse one counts. */
export function matricesOf(cells: readonly Cell[]): readonly PortMatrix[] {
  const ports = [...new Set(cells.map(({ port }) => port))].toSorted();
  return ports.map((port) =>
    matrixOf(
      port,
      cells.filter((cell) => cell.port === port),
    ),
  );
}

/** How many cells there are, and how many hold. */
export function tally(matrices: readonly PortMatrix[]): Tally {
  const cells = matrices.flatMap(({ rows }) =>
    rows.flatMap((row) => row.cells.filter((cell) => cell !== undefined)),
  );
  const count = (status: Cell["status"]): number =>
    cells.filter((cell) => cell.status === status).length;
  return {
    cells: cells.length,
    green: count("pass"),
    declared: count("declared"),
    red: count("fail"),
  };
}

/** What a column is called. */
export function columnName({ driver, engine }: Column): string {
  return engine === null ? driver : `${driver} (${engine})`;
}

function matrixOf(port: string, cells: readonly Cell[]): PortMatrix {
  const byColumn = Map.groupBy(cells, columnName);
  const columns = [...byColumn.keys()].toSorted((a, b) => a.localeCompare(b, "en"));
  const titles = new Map(cells.map(({ id, title }) => [id, title]));
  const ids = [...titles.keys()].toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return {
    port,
    columns: columns.map((name) => {
      const [{ driver, engine } = { driver: name, engine: null }] = byColumn.get(name) ?? [];
      return { driver, engine };
    }),
    rows: ids.map((id) => ({
      id,
      title: titles.get(id) ?? "",
      cells: columns.map((name) =>
        worst((byColumn.get(name) ?? []).filter((cell) => cell.id === id)),
      ),
    })),
  };
}

const SEVERITY: Readonly<Record<Cell["status"], number>> = { pass: 0, declared: 1, fail: 2 };

function worst(cells: readonly Cell[]): Cell | undefined {
  return cells.toSorted((a, b) => SEVERITY[b.status] - SEVERITY[a.status])[0];
}
