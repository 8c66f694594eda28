import { type Fault, toFault } from "#shared/errors";
import {
  changesOf,
  type GetJson,
  hasMoved,
  type PriceChange,
  type PriceFeed,
  refusalOf,
} from "#shared/price-lists";
import type { PriceList } from "./price-lists.ts";

/** What became of a cloud's figures. */
export type ListUpdate = {
  readonly cloud: string;
  readonly changes: readonly PriceChange[];
  /** Why the figures of before stay; empty where the new ones hold. */
  readonly refusals: readonly Fault[];
  /** Figures that no API tells. */
  readonly byHand: readonly string[];
  /** What is to be written, if anything is. */
  readonly next?: PriceList;
};

export type UpdateOptions = { readonly approved: boolean; readonly today: string };

/**
 * Reads a cloud's figures and says what becomes of its list. All of them hold or none: one that cannot be read or
 * believed leaves the last good list in place.
 */
export async function updateList(
  list: PriceList,
  feed: PriceFeed,
  getJson: GetJson,
  options: UpdateOptions,
): Promise<ListUpdate> {
  const { cloud } = list;
  const byHand = Object.keys(list.figures).filter((figure) => !feed.figures.includes(figure));
  try {
    const { readings, faults } = await feed.read(getJson);
    const changes = changesOf(list.figures, readings);
    const refused = changes.flatMap((change) => refusalOf(change, options.approved) ?? []);
    const refusals = [...faults, ...refused];
    if (refusals.length > 0) return { cloud, changes, refusals, byHand };
    return { cloud, changes, refusals, byHand, ...nextOf(list, changes, options.today) };
  } catch (error) {
    return { cloud, changes: [], refusals: [toFault(error)], byHand };
  }
}

/** A figure that was read where it is has a new source, and only one that moved begins an epoch. */
function nextOf(
  list: PriceList,
  changes: readonly PriceChange[],
  today: string,
): { readonly next?: PriceList } {
  const figures = { ...list.figures };
  const sources = { ...list.sources };
  for (const { figure, usd, source } of changes) {
    figures[figure] = usd;
    sources[figure] = source;
  }
  const isNew = changes.some(hasMoved);
  if (!isNew && changes.every(({ figure, source }) => list.sources[figure] === source)) return {};
  const epoch = isNew ? { epoch: list.epoch + 1, effectiveFrom: today } : {};
  return { next: { ...list, ...epoch, figures, sources } };
}
