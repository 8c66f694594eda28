import { Fault } from "#shared/errors";
import { type Band, isBelieved, priceBands } from "./price-bands.ts";
import type { Figures, Grant, PriceBook } from "./price-book.ts";

const sizes: readonly (Band & { readonly figure: keyof Figures })[] = [
  { figure: "minBilledMs", least: 1, most: 60_000 },
  { figure: "billingStepMs", least: 1, most: 60_000 },
  { figure: "minMemoryMb", least: 64, most: 4096 },
  { figure: "maxMemoryMb", least: 128, most: 1_048_576 },
  { figure: "memoryStepMb", least: 1, most: 1024 },
];

/** About fifty times what the most generous of the three gives: a larger one would make every price zero. */
const mostGranted: readonly { readonly name: keyof Grant; readonly most: number }[] = [
  { name: "requests", most: 1e8 },
  { name: "gbSeconds", most: 2e7 },
  { name: "vcpuSeconds", most: 1e7 },
  { name: "egressGb", most: 5000 },
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
 * Refuses a book that no cloud can have meant: a figure that is missing, not a number, negative, zero where nobody said
 * so, or outside its band by a unit error; a grant that swallows every bill; a figure without a source. Throws a Fault
 * `invalid_argument` that names the figure, where it was read, and what to give instead.
 */
export function checkPriceBook(book: PriceBook): void {
  const { usdPerEgressGb, usdPerVcpuSecond } = book;
  checkFigure(book, "usdPerMillionRequests", priceBands.millionRequests);
  checkFigure(
    book,
    "usdPerGbSecond",
    book.vcpuByMemory.length > 0 ? priceBands.gbSecondBesideVcpu : priceBands.gbSecond,
  );
  if (book.vcpuByMemory.length > 0) checkFigure(book, "usdPerVcpuSecond", priceBands.vcpuSecond);
  else if (usdPerVcpuSecond !== 0) {
    throw refused(book, "usdPerVcpuSecond", usdPerVcpuSecond, "a price and a table, or none");
  }
  const isFree = book.isEgressFree === true && usdPerEgressGb === 0;
  if (!isFree) checkFigure(book, "usdPerEgressGb", priceBands.egressGb);
  for (const { figure, ...band } of sizes) checkFigure(book, figure, band);
  checkGrant(book);
  checkSizes(book);
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
      `routing.check-prices: ${name} of "${book.plan}" moved from ${before} to ${after} by ${sourceOf(book, name)}, more than ${MAX_MOVE * 100} %; approve the epoch or correct it`,
      { origin: "upstream", details: { figure: name } },
    );
  }
}

function checkFigure(book: PriceBook, figure: keyof Figures, band: Band): void {
  const value = book[figure];
  if (!isBelieved(value, band)) {
    throw refused(book, figure, value, `a figure between ${band.least} and ${band.most}`);
  }
  if (!book.sources[figure]) throw refused(book, figure, value, "the source of the figure");
}

function checkGrant(book: PriceBook): void {
  const given: Partial<Grant> | undefined = book.grant;
  for (const { name, most } of mostGranted) {
    const value = given?.[name];
    if (isBelieved(value, { least: 0, most })) continue;
    throw refused(book, name, value, `a grant of 0 to ${most}`, "grant");
  }
  if (!isBelieved(book.grantWeight, { least: 1, most: 10 })) {
    throw refused(book, "grantWeight", book.grantWeight, "a weight of 1 to 10", "grant");
  }
}

function checkSizes(book: PriceBook): void {
  const table = book.vcpuByMemory.flatMap((row) => [row.memoryMb, row.vcpu]);
  const bad = [...table, ...book.memorySizesMb].find((value) => !(value > 0 && value < 1e7));
  if (bad !== undefined) throw refused(book, "vcpuByMemory", bad, "sizes above 0", "maxMemoryMb");
}

function sourceOf(book: PriceBook, figure: string): string {
  const sources: Readonly<Record<string, string>> = book.sources;
  return sources[figure] ?? "nobody";
}

function refused(
  book: PriceBook,
  figure: string,
  value: number | undefined,
  wanted: string,
  source = figure,
): Fault {
  return new Fault(
    "invalid_argument",
    `routing.check-prices: ${figure} of "${book.plan}" is ${value} by ${sourceOf(book, source)}; give ${wanted}`,
    { origin: "upstream", details: { figure } },
  );
}
