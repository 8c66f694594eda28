import { columnName, type PortMatrix, type Row, type Tally, tally } from "./matrix.ts";
import type { Cell } from "./read-cells.ts";

const SIGNS: Readonly<Record<Cell["status"], string>> = { pass: "✓", declared: "△", fail: "✗" };

/** The page of the matrix, `docs/conformance.md`. */
export function renderPage(matrices: readonly PortMatrix[]): string {
  return `# Conformance

Rendered by \`npm run conformance\` from a run of every suite on every driver. ✓ the rule holds; △ a declared difference:
the rule is run as well and has to fail, or the run does; ✗ it does not hold. What the rules promise is in
[semantics.md](semantics.md).

${summary(tally(matrices))}

${matrices.map(renderPort).join("\n")}`;
}

/** The same for a terminal. */
export function renderText(matrices: readonly PortMatrix[]): string {
  const sections = matrices.map(({ port, columns, rows }) => {
    const legend = columns.map((column, index) => `  ${index + 1} ${columnName(column)}`);
    const lines = rows.map(({ id, title, cells }) => `  ${id.padEnd(5)} ${signs(cells)}  ${title}`);
    return [port, ...legend, "", ...lines, ...reasons(rows).map((line) => `  ${line}`)].join("\n");
  });
  return `${sections.join("\n\n")}\n`;
}

/** One line with the counts. */
export function summary({ cells, green, declared, red }: Tally): string {
  const percent = cells === 0 ? 0 : (100 * green) / cells;
  return `${cells} cells: ${green} green (${percent.toFixed(1)} %), ${declared} declared differences, ${red} red.`;
}

function renderPort({ port, columns, rows }: PortMatrix): string {
  const head = ["rule", "", ...columns.map(columnName)];
  const body = rows.map(({ id, title, cells }) => [
    id,
    title,
    ...cells.map((cell) => (cell === undefined ? "" : SIGNS[cell.status])),
  ]);
  const table = [head, head.map(() => "---"), ...body].map(
    (row) => `| ${row.map(escape).join(" | ")} |`,
  );
  const notes = reasons(rows).map((line) => `- ${line}`);
  return `## ${port}\n\n${table.join("\n")}\n${notes.length === 0 ? "" : `\n${notes.join("\n")}\n`}`;
}

function reasons(rows: PortMatrix["rows"]): string[] {
  return rows.flatMap(({ id, cells }) =>
    cells.flatMap((cell) =>
      cell === undefined || cell.status === "pass"
        ? []
        : [`${SIGNS[cell.status]} ${id} on ${columnName(cell)}: ${firstLine(cell.reason)}`],
    ),
  );
}

function signs(cells: Row): string {
  return cells.map((cell) => (cell === undefined ? " " : SIGNS[cell.status])).join(" ");
}

function firstLine(reason: string | null): string {
  return reason?.split("\n")[0] ?? "no reason";
}

function escape(text: string): string {
  return text.replaceAll("|", "\\|");
}
