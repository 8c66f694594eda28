import { describe, expect, it } from "vitest";
import { matricesOf, tally } from "./matrix.ts";
import type { Cell } from "./read-cells.ts";
import { renderPage, renderText, summary } from "./render.ts";

const cell = (driver: string, id: string, status: Cell["status"], reason?: string): Cell => ({
  port: "state",
  driver,
  engine: driver === "memory" ? null : "an engine",
  id,
  title: `title of ${id}`,
  status,
  reason: reason ?? null,
});

const matrices = matricesOf([
  cell("table", "S10", "fail", "wrong | order\nand more"),
  cell("memory", "S2", "pass"),
  cell("memory", "S10", "pass"),
  cell("table", "S2", "declared", "has no expiry"),
  cell("memory", "S3", "pass"),
]);

describe("the conformance matrix", () => {
  it("orders rules by number and drivers by name, with gaps where a driver has no such rule", () => {
    const [matrix] = matrices;
    expect(matrix?.columns.map(({ driver }) => driver)).toEqual(["memory", "table"]);
    expect(matrix?.rows.map(({ id }) => id)).toEqual(["S2", "S3", "S10"]);
    expect(matrix?.rows[1]?.cells.map((one) => one?.status)).toEqual(["pass", undefined]);
  });

  it("counts", () => {
    expect(tally(matrices)).toEqual({ cells: 5, green: 3, declared: 1, red: 1 });
    expect(summary(tally(matrices))).toContain("3 green (60.0 %)");
  });

  it("takes the worse of two records of one cell", () => {
    const twice = matricesOf([cell("memory", "S1", "fail", "x"), cell("memory", "S1", "pass")]);
    expect(tally(twice)).toEqual({ cells: 1, green: 0, declared: 0, red: 1 });
  });

  it("shows red cells and reasons, on the page and in a terminal", () => {
    const page = renderPage(matrices);
    expect(page).toContain("| S10 | title of S10 | ✓ | ✗ |");
    expect(page).toContain("- △ S2 on table (an engine): has no expiry");
    expect(page).toContain("- ✗ S10 on table (an engine): wrong | order\n");
    expect(renderText(matrices)).toContain("S10   ✓ ✗  title of S10");
  });
});
