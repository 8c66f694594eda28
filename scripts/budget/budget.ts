import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Metafiles } from "../build/build.ts";
import { driverCosts } from "./drivers.ts";
import { functionSizes } from "./functions.ts";
import { packageCosts } from "./packages.ts";

/** The committed budget: what functions load when they start, locally and as deployed, and what each driver adds. */
const Budget = z.object({
  /** Minified bytes by `<cloud>/<function>`. */
  functions: z.record(z.string(), z.number()),
  packages: z.record(z.string(), z.object({ startBytes: z.number(), coldImportMs: z.number() })),
  drivers: z.record(
    z.string(),
    z.object({ startBytes: z.number(), firstUseBytes: z.number(), coldImportMs: z.number() }),
  ),
});

export type Budget = z.infer<typeof Budget>;

/** How much something may grow before the budget has to be edited on purpose. */
export const GROWTH = 1.05;

/** Writes `docs/budget.json` from the local bundles and those that are deployed. */
export async function writeBudget(
  root: string,
  local: Metafiles,
  deployed: Metafiles,
): Promise<void> {
  const known = readBudget(root);
  const drivers = await driverCosts(root, known.drivers);
  const packages = packageCosts(deployed, known.packages);
  const text = JSON.stringify({ functions: functionSizes(local), packages, drivers }, null, 2);
  writeFileSync(fileOf(root), `${text}\n`);
}

/** The committed budget. */
export function readBudget(root: string): Budget {
  return Budget.parse(JSON.parse(readFileSync(fileOf(root), "utf8")));
}

function fileOf(root: string): string {
  return join(root, "docs/budget.json");
}
