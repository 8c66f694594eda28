import { ratio, type Timing } from "./measure.ts";

/** One line of the table. `ratio` is ours over this contender's; `target` the most it may be. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly ratio?: number | undefined;
  /** The bound on the ratio, or on the value where there is no contender. */
  readonly target?: string | undefined;
  readonly met?: boolean | undefined;
};

export type Row = {
  readonly id: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly notes?: readonly string[];
};

/** A row from timings, the first of which is ours; `targets` bound ours over the named contender's. */
export function timedRow(
  id: string,
  title: string,
  unit: string,
  timings: readonly Timing[],
  targets: Readonly<Record<string, number>>,
): Row {
  const [ours, ...others] = timings;
  if (ours === undefined) throw new Error(`${id}: nothing was timed`);
  return {
    id,
    title,
    figures: [
      { name: ours.name, value: ours.median, unit },
      ...others.map((timing) => {
        const measured = ratio(ours, timing);
        const most = targets[timing.name];
        return {
          name: timing.name,
          value: timing.median,
          unit,
          ratio: measured,
          ...(most === undefined ? {} : { target: `≤ ${most} ×`, met: measured <= most }),
        };
      }),
    ],
  };
}

/** A row as text, for a terminal. */
export function renderRow({ title, figures, notes = [] }: Row): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  const lines = figures.map(({ name, value, unit, ratio: measured, target, met }) =>
    [
      `  ${name.padEnd(width)}`,
      `${format(value).padStart(10)} ${unit.padEnd(5)}`,
      (measured === undefined ? "" : `ours ${measured.toFixed(2)} ×`).padEnd(13),
      target === undefined ? "" : `target ${target.padEnd(12)} ${met === true ? "met" : "MISSED"}`,
    ]
      .join("  ")
      .trimEnd(),
  );
  return [title, ...lines, ...notes.map((note) => `  ${note}`), ""].join("\n");
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2);
}
