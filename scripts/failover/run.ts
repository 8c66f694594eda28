import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { toUsd } from "#shared/metering";
import * as z from "zod";
import { prepare, type Setup } from "../crash/setup.ts";
import { killHost } from "./kill-host.ts";
import { type Ledger, readLedger } from "./ledger.ts";
import { Load } from "./load.ts";
import { type Findings, judge } from "./verdict.ts";

const HELP = `npm run test:failover -- [options]

Starts the product, calls it without a pause, kills the host that the router has chosen, then the one that it chooses
instead, and checks: no call fails, no effect is doubled, traffic comes back to the first host, and the receipts of all
runs add up to the displayed costs exactly. Takes about half a minute; ends with 1 when anything is wrong.

  --readers <n>     callers that only read (2)
  --writers <n>     callers that post a message each time (3)
  --plant retry-without-key   plants a bug that the check must find: every attempt has an idempotency key of its own
  -h, --help        this text
`;

/** Slack keeps a message so long before it answers: a host that is killed then leaves a doubt. */
const SLACK_DELAY_MS = 120;
const WARM_MS = 2_000;
/** From a kill to the next, which hits the host that has taken over. */
const NEXT_KILL_MS = 2_500;
/** By then the first host has to have its traffic back: its breaker waits for 5 s, and longer where more calls broke off. */
const RETURN_MS = 45_000;

const { values } = parseArgs({
  options: {
    readers: { type: "string", default: "2" },
    writers: { type: "string", default: "3" },
    plant: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) process.stdout.write(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  const { plant } = values;
  if (plant !== undefined && plant !== "retry-without-key") {
    process.stderr.write(`--plant ${plant}: there is only retry-without-key\n`);
    return 2;
  }
  const script = plant === undefined ? "../start.ts" : "../failover/planted-start.ts";
  const setup = await prepare(script, SLACK_DELAY_MS);
  // The product is in a group of its own, which Ctrl-C does not reach.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void setup.dispose().finally(() => process.exit(130)));
  }
  try {
    return await run(setup);
  } finally {
    await setup.dispose();
  }
}

async function run({ product, client, slackUrl }: Setup): Promise<number> {
  product.start();
  await product.ready();
  const load = new Load(client);
  const loading = load.run(Number(values.readers), Number(values.writers));
  const kills: { runtime: string; atMs: number }[] = [];
  let backMs: number | undefined;
  try {
    for (const pauseMs of [WARM_MS, NEXT_KILL_MS]) {
      await sleep(pauseMs);
      const runtime = busiest(load, Date.now() - pauseMs / 2);
      kills.push({ runtime, atMs: Date.now() });
      killHost(product.pid, runtime);
    }
    backMs = await traffic(load, kills[0]);
  } finally {
    load.finish();
    await loading;
  }
  const ledger = await readLedger(client, load.made);
  const findings = judge(load.made, kills, await posted(slackUrl));
  return report(findings, { kills, backMs, ledger });
}

/** Where most calls since a moment were answered. */
function busiest(load: Load, sinceMs: number): string {
  const [first] = [...load.runtimesSince(sinceMs)].toSorted(([, a], [, b]) => b - a);
  if (first === undefined) throw new Error("no call was answered");
  return first[0];
}

/** How long it takes until a killed host answers calls again that nobody pinned; `undefined` for too long. */
async function traffic(
  load: Load,
  kill: { readonly runtime: string; readonly atMs: number } | undefined,
): Promise<number | undefined> {
  if (kill === undefined) return undefined;
  const sinceMs = Date.now();
  while (Date.now() - kill.atMs < RETURN_MS) {
    if ((load.runtimesSince(sinceMs).get(kill.runtime) ?? 0) >= 10) return Date.now() - kill.atMs;
    await sleep(100);
  }
  return undefined;
}

/** The texts of all messages in the fake Slack. */
async function posted(slackUrl: string): Promise<readonly string[]> {
  const journal: unknown = await (await fetch(new URL("/journal", slackUrl))).json();
  const { messages } = z
    .object({ messages: z.array(z.object({ text: z.string() })) })
    .parse(journal);
  return messages.map(({ text }) => text);
}

type Seen = {
  readonly kills: readonly { readonly runtime: string }[];
  readonly backMs: number | undefined;
  readonly ledger: Ledger;
};

function report(findings: Findings, { kills, backMs, ledger }: Seen): number {
  const { calls, failed, inDoubt, doubled, missing } = findings;
  console.table({
    "hosts killed": kills.map(({ runtime }) => runtime).join(", then "),
    calls,
    "calls failed": failed.length,
    "of them after the breaker opened": findings.failedLate.length,
    "posts in doubt when a host was killed": inDoubt.length,
    "posts doubled": doubled.length,
    "posts answered and missing": missing.length,
    "traffic back after": backMs === undefined ? "never" : `${(backMs / 1000).toFixed(1)} s`,
    runs: ledger.runs,
    "receipts, USD": usd(ledger.receiptsPicoUsd),
    "displayed, USD": usd(ledger.shownPicoUsd),
  });
  for (const [what, list] of Object.entries({ failed, doubled, missing, receipts: ledger.wrong })) {
    if (list.length > 0) process.stdout.write(`${what}: ${list.slice(0, 5).join("; ")}\n`);
  }
  const wrong = [failed, doubled, missing, ledger.wrong].some((list) => list.length > 0);
  const isWrong = wrong || backMs === undefined;
  process.stdout.write(
    `failover: ${calls} calls, ${failed.length} failed, ${doubled.length} doubled, costs ${ledger.wrong.length === 0 ? "add up" : "do not add up"}${isWrong ? ": WRONG" : ""}\n`,
  );
  return isWrong ? 1 : 0;
}

function usd(picoUsd: bigint): string {
  return toUsd(picoUsd).toFixed(12);
}
