import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import type { Random } from "#shared/function";
import { seededRandom } from "#shared/testing";
import { runEngine } from "./engine-run.ts";
import { Senders } from "./senders.ts";
import { prepare, type Setup, setChannels } from "./setup.ts";
import { type Rest, settle } from "./settle.ts";
import { type Findings, verify } from "./verify.ts";
import { workload } from "./workload.ts";

const HELP = `npm run test:crash -- [options]

Kills the whole product with SIGKILL under load, again and again, and checks that no accepted event was lost and no
Slack message doubled.

  --kills <n>       how often (100)
  --seed <n>        repeats a run as far as timing allows (random)
  --senders <n>     concurrent senders (8)
  --rate <n>        events per second, all senders together (60)
  --engine          only the embedded engine, by processes that write a row and a message at a time
  --plant answer-before-write   plants a bug that the check must find: writes are answered before they are durable
`;

/** Few enough messages a channel that looking one up after a crash takes a page or two. */
const REPOSITORIES = Array.from({ length: 40 }, (_, index) => `crash/repo-${index}`);
/** A kill comes this long after the product is up, at random. */
const LIFE_MS = { min: 100, max: 2_500 };
/** The share of kills that hit the product while it is still starting, and how far into it. */
const EARLY_KILLS = 0.1;
const START_MS = 2_000;

type Options = {
  readonly kills: number;
  readonly seed: number;
  readonly senders: number;
  readonly eventsPerSecond: number;
};

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    seed: { type: "string", default: String(randomBytes(4).readUInt32BE()) },
    senders: { type: "string", default: "8" },
    rate: { type: "string", default: "60" },
    plant: { type: "string" },
    engine: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) process.stdout.write(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  const { plant } = values;
  if (plant !== undefined && plant !== "answer-before-write") {
    process.stderr.write(`--plant ${plant}: there is only answer-before-write\n`);
    return 2;
  }
  const options = {
    kills: Number(values.kills),
    seed: Number(values.seed),
    senders: Number(values.senders),
    eventsPerSecond: Number(values.rate),
  };
  if (values.engine === true) {
    return runEngine({
      kills: options.kills,
      seed: options.seed,
      isPlanted: plant !== undefined,
    });
  }
  const setup = await prepare(plant === undefined ? "../start.ts" : "planted-start.ts");
  // The product is in a group of its own, which Ctrl-C does not reach.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void setup.dispose().finally(() => process.exit(130)));
  }
  try {
    return await run(setup, options);
  } finally {
    await setup.dispose();
  }
}

async function run(setup: Setup, options: Options): Promise<number> {
  const { product, client, slackUrl, webhookSecret } = setup;
  const random = seededRandom(options.seed);
  const events = workload(seededRandom(options.seed + 1), REPOSITORIES, webhookSecret);
  const senders = new Senders({ ...options, client, random, events });
  product.start();
  await product.ready();
  await setChannels(client, REPOSITORIES);
  const sending = senders.run();
  await killAgainAndAgain(setup, senders, random, options.kills);
  senders.finish();
  await sending;
  process.stdout.write("waiting until nothing is left to do\n");
  const rest = await settle(setup);
  return report(options, senders, rest, await verify(client, slackUrl, senders.accepted));
}

/** Leaves the product running. */
async function killAgainAndAgain(
  { product }: Setup,
  { accepted }: Senders,
  random: Random,
  kills: number,
): Promise<void> {
  const bar = new SingleBar({
    format: "killing  {bar} {value}/{total}  {accepted} events accepted  {duration_formatted}",
  });
  bar.start(kills, 0, { accepted: 0 });
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      await sleep(LIFE_MS.min + random.next() * (LIFE_MS.max - LIFE_MS.min));
      await product.kill();
      product.start();
      if (random.next() < EARLY_KILLS) await sleep(random.next() * START_MS);
      else await product.ready();
      bar.update(kill, { accepted: accepted.length });
    }
    await product.ready();
  } finally {
    bar.stop();
  }
}

function report(
  { kills, seed }: Options,
  { accepted, duplicates, refused }: Senders,
  { waiting, dead }: Rest,
  findings: Findings,
): number {
  const { lost, doubled, missing, stale, messages, updates } = findings;
  const commits = new Set(accepted.map(({ commit }) => commit)).size;
  console.table({
    "events accepted": accepted.length,
    "of them sent twice": duplicates,
    "events refused": refused.length,
    "events lost": lost.length,
    commits,
    "Slack messages posted": messages,
    "Slack messages updated": updates,
    "Slack messages doubled": doubled.length,
    "Slack messages missing": missing.length,
    "Slack messages out of date": stale.length,
    "queue messages left": waiting,
    "queue messages given up": dead,
  });
  for (const [what, list] of Object.entries({ lost, doubled, missing, stale, refused })) {
    if (list.length > 0) process.stdout.write(`${what}: ${list.slice(0, 5).join("; ")}\n`);
  }
  const wrong = [lost, doubled, missing, stale, refused].some((list) => list.length > 0);
  process.stdout.write(
    `crash: ${kills} kills, ${accepted.length} accepted, ${lost.length} lost, ${doubled.length} doubled (seed ${seed})\n`,
  );
  return wrong || waiting + dead > 0 || messages !== commits ? 1 : 0;
}
