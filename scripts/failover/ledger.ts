import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { call, type ProductClient } from "../demo/product-client.ts";
import type { Made } from "./load.ts";

const Runs = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      runtime: z.string(),
      costUsd: z.number(),
      receipt: z.object({ lines: z.array(z.object({ picoUsd: z.int() })) }),
    }),
  ),
  cursor: z.string().nullable(),
});
const Sum = z.object({ picoUsd: z.string().transform(BigInt) });
const Costs = z.object({
  total: Sum.extend({ usd: z.number() }),
  tenants: z.array(Sum),
  runtimes: z.array(Sum),
  functions: z.array(Sum),
  lines: z.array(Sum),
});

/** What the receipts say and what is displayed, both in 1e-12 USD, and what does not fit. */
export type Ledger = {
  readonly runs: number;
  readonly receiptsPicoUsd: bigint;
  readonly shownPicoUsd: bigint;
  readonly wrong: readonly string[];
};

const SETTLE_MS = 5_000;

/** Compares every receipt with the displayed costs, and with what callers were told; waits until the last is written. */
export async function readLedger(client: ProductClient, made: readonly Made[]): Promise<Ledger> {
  const endMs = Date.now() + SETTLE_MS;
  for (;;) {
    const ledger = await compare(client, made);
    if (ledger.wrong.length === 0 || Date.now() > endMs) return ledger;
    await sleep(200);
  }
}

async function compare(client: ProductClient, made: readonly Made[]): Promise<Ledger> {
  const runs = await allRuns(client);
  const { total, ...lists } = Costs.parse((await call(client, "GET", "/v1/costs")).json);
  const receiptsPicoUsd = runs
    .flatMap(({ receipt }) => receipt.lines)
    .reduce((sum, { picoUsd }) => sum + BigInt(picoUsd), 0n);
  const wrong: string[] = [];
  if (receiptsPicoUsd !== total.picoUsd) wrong.push("the receipts are not the total");
  if (Math.abs(total.usd * 1e12 - Number(total.picoUsd)) > 1) wrong.push("the total in USD");
  for (const [name, list] of Object.entries(lists)) {
    const sum = list.reduce((all, { picoUsd }) => all + picoUsd, 0n);
    if (sum !== total.picoUsd) wrong.push(`${name} do not add up to the total`);
  }
  const costOf = new Map(runs.map(({ id, costUsd }) => [id, costUsd.toFixed(12)]));
  const misled = made.filter(({ run, costUsd }) => run !== "" && costOf.get(run) !== costUsd);
  if (misled.length > 0) wrong.push(`${misled.length} callers were told another cost`);
  return { runs: runs.length, receiptsPicoUsd, shownPicoUsd: total.picoUsd, wrong };
}

async function allRuns(client: ProductClient): Promise<z.infer<typeof Runs>["items"]> {
  const found: z.infer<typeof Runs>["items"] = [];
  for (let before = ""; ;) {
    const { json } = await call(client, "GET", `/v1/runs?limit=500${before}`);
    const page = Runs.parse(json);
    found.push(...page.items);
    if (page.cursor === null) return found;
    before = `&before=${encodeURIComponent(page.cursor)}`;
  }
}
