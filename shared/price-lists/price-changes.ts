import { Fault } from "#shared/errors";
import { MAX_MOVE } from "#shared/routing";
import type { Reading } from "./price-feed.ts";

/** A figure before and after. */
export type PriceChange = Reading & {
  /** `undefined` for a figure that is new. */
  readonly lastUsd: number | undefined;
  /** How far it moved, 0.1 for 10 % dearer; `undefined` for a figure that is new. */
  readonly move: number | undefined;
};

/** No vendor has moved a list price by as much at once: what did is a price of something else. */
export const MAX_APPROVED_FACTOR = 5;

/** What each reading changes of the figures that hold. */
export function changesOf(
  last: Readonly<Record<string, number>>,
  readings: readonly Reading[],
): readonly PriceChange[] {
  return readings.map((reading) => {
    const lastUsd = last[reading.figure];
    const move = lastUsd === undefined ? undefined : (reading.usd - lastUsd) / lastUsd;
    return { ...reading, lastUsd, move };
  });
}

/** Whether a figure is another than before. */
export function hasMoved({ move }: PriceChange): boolean {
  return move !== 0;
}

/**
 * Why a change cannot be taken, or `undefined`: `failed_precondition` for a move of more than 20 % and for a new figure,
 * which a person can approve; `invalid_argument` for one by a factor of 5, which nobody can.
 */
export function refusalOf(change: PriceChange, approved: boolean): Fault | undefined {
  const { figure, usd, lastUsd, move, source } = change;
  const details = { origin: "upstream", details: { figure } } as const;
  if (lastUsd === undefined || move === undefined) {
    if (approved) return undefined;
    const what = `${figure} is new, ${usd} by ${source}`;
    return new Fault(
      "failed_precondition",
      `price-lists.check: ${what}; look at it, then say --approve`,
      details,
    );
  }
  const what = `${figure} moved from ${lastUsd} to ${usd} by ${source}`;
  const factor = Math.max(usd / lastUsd, lastUsd / usd);
  if (!(factor < MAX_APPROVED_FACTOR)) {
    return new Fault(
      "invalid_argument",
      `price-lists.check: ${what}, which is another unit or product and no price; correct its selector`,
      details,
    );
  }
  if (approved || Math.abs(move) <= MAX_MOVE) return undefined;
  return new Fault(
    "failed_precondition",
    `price-lists.check: ${what}, more than ${MAX_MOVE * 100} %; look at it, then say --approve`,
    details,
  );
}
