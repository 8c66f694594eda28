import { hasMoved } from "#shared/price-lists";
import type { ListUpdate } from "./update-list.ts";
import type { ModelMove } from "./model-map.ts";

/** What a run has found. */
export type UpdateReport = {
  readonly clouds: readonly ListUpdate[];
  readonly models?: { readonly moves: readonly ModelMove[]; readonly refusal?: string };
};

/** Whether any figure is another than the one that holds. */
export function hasMoves({ clouds, models }: UpdateReport): boolean {
  return clouds.some(({ changes }) => changes.some(hasMoved)) || (models?.moves ?? []).length > 0;
}

/** Whether anything could not be read, or must not be taken. */
export function hasRefusals({ clouds, models }: UpdateReport): boolean {
  return clouds.some(({ refusals }) => refusals.length > 0) || models?.refusal !== undefined;
}

/** A table by figure: last, now, move, source; and what became of each list. */
export function textOf(report: UpdateReport, isWritten: boolean): string {
  const rows = report.clouds.flatMap((update) => [
    ...rowsOf(update),
    [outcomeOf(update, isWritten)],
    [],
  ]);
  const { models } = report;
  if (models !== undefined) {
    for (const { model, lastUsd, usd } of models.moves)
      rows.push([model, String(lastUsd), usd === undefined ? "no usable row" : String(usd)]);
    rows.push([modelsOutcome(models)]);
  }
  return `${aligned(rows).join("\n")}\n`;
}

/** The same as data, for other programs. */
export function jsonOf({ clouds, models }: UpdateReport): string {
  const lists = clouds.map(({ cloud, changes, refusals, byHand, next }) => ({
    cloud,
    isKept: refusals.length > 0,
    epoch: next?.epoch,
    figures: changes.map(({ figure, unit, lastUsd, usd, move, source }) => ({
      figure,
      unit,
      lastUsd,
      usd,
      move,
      source,
    })),
    refusals: refusals.map(({ code, message }) => ({ code, message })),
    byHand,
  }));
  return `${JSON.stringify({ clouds: lists, models }, undefined, 2)}\n`;
}

function rowsOf({ cloud, changes, byHand }: ListUpdate): string[][] {
  return [
    [cloud, "last", "now", "move", "source"],
    ...changes.map(({ figure, lastUsd, usd, move, source }) => [
      figure,
      lastUsd === undefined ? "-" : String(lastUsd),
      String(usd),
      percentOf(move),
      source,
    ]),
    ...byHand.map((figure) => [figure, "", "", "", "kept by hand: no list has it"]),
  ];
}

function percentOf(move: number | undefined): string {
  if (move === undefined) return "new";
  return move === 0 ? "0 %" : `${move > 0 ? "+" : ""}${(move * 100).toFixed(1)} %`;
}

function outcomeOf({ cloud, changes, refusals, next }: ListUpdate, isWritten: boolean): string {
  if (refusals.length > 0) {
    const reasons = refusals.map(({ message }) => `\n  ${message}`).join("");
    return `${cloud}: the figures of before stay:${reasons}`;
  }
  const moved = changes.filter(hasMoved).length;
  if (next === undefined) return `${cloud}: nothing has moved`;
  const list = `epoch ${next.epoch} from ${next.effectiveFrom}`;
  const verb = isWritten ? "written" : "not written";
  return moved === 0
    ? `${cloud}: nothing has moved, sources ${verb}`
    : `${cloud}: ${moved} moved, ${list} ${verb}`;
}

function modelsOutcome({ moves, refusal }: NonNullable<UpdateReport["models"]>): string {
  if (refusal !== undefined) return `models: ${refusal}`;
  if (moves.length === 0) return "models: nothing has moved";
  return `models: ${moves.length} moved; correct shared/models/catalogue.ts, which no command writes`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const columns = [0, 1, 2, 3];
  const widths = columns.map((at) =>
    Math.max(...rows.filter((row) => row.length > 1).map((row) => row[at]?.length ?? 0), 0),
  );
  return rows.map((row) =>
    row.length === 1
      ? (row[0] ?? "")
      : row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd(),
  );
}
