import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import * as aws from "../../adapters/aws/price-list.ts";
import * as azure from "../../adapters/azure/price-list.ts";
import * as gcp from "../../adapters/gcp/price-list.ts";

/** The figures of a cloud that hold, as `adapters/<cloud>/price-list.ts` has them. */
export type PriceList = {
  readonly cloud: string;
  readonly epoch: number;
  readonly effectiveFrom: string;
  /** In the order of the file. */
  readonly figures: Readonly<Record<string, number>>;
  readonly sources: Readonly<Record<string, string>>;
};

const Module = z.looseObject({
  epoch: z.int(),
  effectiveFrom: z.iso.date(),
  sources: z.record(z.string(), z.string()),
});

/** What the code has been built with. */
export const priceLists: readonly PriceList[] = [
  priceListOf("aws", { ...aws }),
  priceListOf("azure", { ...azure }),
  priceListOf("gcp", { ...gcp }),
];

/** Reads a rendered list. Throws a ZodError for a figure that has a source and no number. */
export function priceListOf(cloud: string, module: unknown): PriceList {
  const { epoch, effectiveFrom, sources, ...rest } = Module.parse(module);
  const figures = Object.keys(sources).map((figure): [string, number] => [
    figure,
    z.number().parse(rest[figure]),
  ]);
  return { cloud, epoch, effectiveFrom, figures: Object.fromEntries(figures), sources };
}

/** Writes a list to its place below `root`, whole or not at all. */
export function writePriceList(root: string, list: PriceList): void {
  const file = join(root, "adapters", list.cloud, "price-list.ts");
  writeFileSync(`${file}.new`, renderPriceList(list));
  renameSync(`${file}.new`, file);
}

/** A list as its file has it, formatted as the formatter would. */
export function renderPriceList({ epoch, effectiveFrom, figures, sources }: PriceList): string {
  const numbers = Object.entries(figures).map(
    ([figure, usd]) => `export const ${figure} = ${usd};`,
  );
  const read = Object.entries(sources).map(([figure, source]) => {
    const line = `  ${figure}: ${JSON.stringify(source)},`;
    return line.length <= LINE_LENGTH ? line : line.replace(": ", ":\n    ");
  });
  return `// Rendered by \`npm run prices:update\`, which checks what it writes: run that, and do not edit by hand.

/** Counts the changes of these figures. */
export const epoch = ${epoch};

/** The day from which these figures were known to hold. */
export const effectiveFrom = ${JSON.stringify(effectiveFrom)};

${numbers.join("\n")}

/** Where each figure was read. */
export const sources = {
${read.join("\n")}
} as const;
`;
}

const LINE_LENGTH = 100;
