import { Fault } from "#shared/errors";
import type { Figures, PriceBook } from "./price-book.ts";

type Band = { readonly least: number; readonly most: number; readonly zero?: true };

/**
 * Between what and what a figure is believed, about twenty times above and below every list price that AWS, Azure and
 * Google publish: a price per thousand taken for one per million, or cents for dollars, falls outside.
 */
const bands: readonly (Band & { readonly figure: keyof Figures })[] = [
  { figure: "usdPerMillionRequests", least: 0.01, most: 10 },
  { figure: "usdPerGbSecond", least: 2e-7, most: 5e-4 },
  { figure: "usdPerVcpuSecond", least: 1e-6, most: 1e-3, zero: true },
  { figure: "usdPerEgressGb", least: 0.002, most: 2, zero: true },
  { figure: "minBilledMs", least: 1, most: 60_000 },
  { figure: "billingStepMs", least: 1, most: 60_000 },
  { figure: "minMemoryMb", least: 64, most: 4096 },
  { figure: "maxMemoryMb", least: 128, most: 1_048_576 },
  { figure: "memoryStepMb", least: 1, most: 1024 },
];

const moved: readonly (keyof Figures)[] = [
  "usdPerMillionRequests",
  "usdPerGbSecond",
  "usdPerVcpuSecond",
  "usdPerEgressGb",
];

/** The largest move of a price between two epochs that needs nobody's approval. */
export const MAX_MOVE = 0.2;

/**
 * Refuses a book that no cloud can have meant: a figure that is not a number, negative, zero where one has to be paid,
 * or outside its band by a unit error. Throws a Fault `invalid_argument` that names the figure.
 */
export function checkPriceBook(book: PriceBook): void {
  for (const { figure, least, most, zero } of bands) {
    const value = book[figure];
    const fits = (zero === true && value === 0) || (value >= least && value <= most);
    if (!fits) throw refused(book, figure, value, `a figure between ${least} and ${most}`);
  }
  for (const [name, value] of Object.entries(book.grant)) {
    if (!(value >= 0 && value <= 1e9)) throw refused(book, name, value, "a grant of 0 to 1e9");
  }
  if (!(book.grantWeight >= 1 && book.grantWeight <= 10)) {
    throw refused(book, "grantWeight", book.grantWeight, "a weight of 1 to 10");
  }
  if (book.vcpuByMemory.length > 0 !== book.usdPerVcpuSecond > 0) {
    throw refused(book, "usdPerVcpuSecond", book.usdPerVcpuSecond, "a price and a table, or none");
  }
  const sizes = book.vcpuByMemory.flatMap((row) => [row.memoryMb, row.vcpu]);
  const bad = [...sizes, ...book.memorySizesMb].find((value) => !(value > 0 && value < 1e7));
  if (bad !== undefined) throw refused(book, "vcpuByMemory", bad, "sizes above 0");
}

/**
 * Refuses prices that moved by more than {@link MAX_MOVE} since the last epoch. Throws a Fault `failed_precondition`:
 * the move may be true, so a person can approve it.
 */
export function checkPriceMove(book: PriceBook, last: PriceBook): void {
  for (const name of moved) {
    const [before, after] = [last[name], book[name]];
    if (Math.abs(after - before) <= MAX_MOVE * before) continue;
    throw new Fault(
      "failed_precondition",
      `routing.check-prices: ${name} of "${book.plan}" moved from ${before} to ${after}, more than ${MAX_MOVE * 100} %; approve the epoch or correct it`,
      { origin: "upstream", details: { figure: name } },
    );
  }
}

function refused(book: PriceBook, figure: string, value: number, wanted: string): Fault {
  return new Fault(
    "invalid_argument",
    `routing.check-prices: ${figure} of "${book.plan}" is ${value}; give ${wanted}`,
    { origin: "upstream", details: { figure } },
  );
}
