import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { type GitHubDelivery, gitHubDeliveries } from "./github-deliveries.ts";
import {
  answers,
  call,
  isUp,
  listFunctions,
  type ProductClient,
  runsSince,
} from "./product-client.ts";
import { productUrl, token, webhookSecret } from "./kept-secrets.ts";
import { tryRefusals } from "./refusals.ts";
import { type RuntimeTally, printRefusals, printTallies } from "./report.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const RUNTIMES = ["aws", "azure", "gcp"];
/** Requests under way at once. */
const CONCURRENCY = 8;
/** How long the last message may take to be handled. */
const DRAIN_MS = 120_000;

const HELP = `npm run demo -- [--url <url>] [--engines emulators]

Sends every payload of @octokit/webhooks-examples, signed, to each of the three runtimes and reports what became of
it. Uses the product that runs on PORT (4400); starts one for the time of the demo where none does, on the embedded
engine or on each cloud's own kind of state and queue.
A second run finds every delivery known: nothing is handled twice.
`;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    engines: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
// Whoever reads the output may stop early (`| head`); a product that was started for the demo still has to end.
process.stdout.on("error", () => undefined);
if (values.help === true) process.stdout.write(HELP);
else process.exitCode = await withProduct(values.url, demo);

async function demo(client: ProductClient): Promise<number> {
  const secrets = {
    github: webhookSecret("github-actions"),
    slack: webhookSecret("slack"),
  };
  const began = Date.now();
  const work = RUNTIMES.flatMap((runtime) =>
    gitHubDeliveries(runtime, secrets.github).map((delivery) => ({ runtime, delivery })),
  );
  const tallies = new Map(RUNTIMES.map((runtime) => [runtime, emptyTally(runtime)]));
  const bar = new SingleBar({ format: "sending  {bar} {value}/{total}  {duration_formatted}" });
  bar.start(work.length, 0);
  const next = work.values();
  const sender = async (): Promise<void> => {
    for (const { runtime, delivery } of next) {
      const tally = tallies.get(runtime);
      if (tally !== undefined) await send(client, runtime, delivery, tally);
      bar.increment();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sender));
  bar.stop();
  await settle(client, began, [...tallies.values()]);
  const refusals = await tryRefusals(client, secrets);
  printTallies([...tallies.values()]);
  printRefusals(refusals);
  const failed = [...tallies.values()].some(
    ({ sent, accepted, duplicates, failed: lost, pending }) =>
      accepted + duplicates < sent || lost > 0 || pending > 0,
  );
  const wrong = refusals.some(
    ({ expected, got, problem, stored }) => got !== expected || !problem || stored,
  );
  return failed || wrong ? 1 : 0;
}

async function send(
  client: ProductClient,
  runtime: string,
  delivery: GitHubDelivery,
  tally: RuntimeTally,
): Promise<void> {
  const startedMs = performance.now();
  const answer = await call(client, "POST", "/v1/webhooks/github-actions/default", {
    headers: { ...delivery.headers, "x-auterity-target": runtime },
    body: delivery.body,
  });
  tally.latenciesMs.push(performance.now() - startedMs);
  tally.sent++;
  if (answer.status !== 202) tally.refused++;
  else if (answer.json["duplicate"] === true) tally.duplicates++;
  else {
    tally.accepted++;
    tally.events.set(delivery.id, delivery.event);
  }
}

/** Waits until every accepted event was handled by its subscriber and Slack has gone quiet, then counts. */
async function settle(
  client: ProductClient,
  sinceMs: number,
  tallies: readonly RuntimeTally[],
): Promise<void> {
  const endMs = Date.now() + DRAIN_MS;
  let quietRounds = 0;
  let last = "";
  while (Date.now() < endMs && quietRounds < 4) {
    await sleep(500);
    await count(client, sinceMs, tallies);
    const now = tallies
      .map(({ handled, failed, posted, updated }) => [handled, failed, posted, updated])
      .join();
    quietRounds = now === last ? quietRounds + 1 : 0;
    last = now;
  }
}

async function count(
  client: ProductClient,
  sinceMs: number,
  tallies: readonly RuntimeTally[],
): Promise<void> {
  const folds = await runsSince(client, "pulse-fold", sinceMs);
  const slack = await runsSince(client, "integration-slack", sinceMs);
  const subscribed = await subscribedTypes(client);
  const ended = new Set(folds.filter(({ status }) => status === "ok").map(({ event }) => event));
  const tried = new Set(folds.map(({ event }) => event));
  for (const tally of tallies) {
    const open = [...tally.events].filter(([id, type]) => subscribed.has(type) && !ended.has(id));
    tally.failed = open.filter(([id]) => tried.has(id)).length;
    tally.pending = open.length - tally.failed;
    // An event that nobody subscribed to is handled once it is stored.
    tally.handled = tally.events.size - open.length;
    const calls = (action: string): number =>
      slack.filter(
        ({ operation, runtime, httpStatus }) =>
          runtime === tally.runtime && httpStatus === 200 && operation.endsWith(`/${action}`),
      ).length;
    tally.posted = calls("post-message");
    tally.updated = calls("update-message");
  }
}

async function subscribedTypes(client: ProductClient): Promise<Set<string>> {
  const functions = await listFunctions(client);
  const subscriptions = functions.filter(({ trigger }) => trigger === "webhook");
  return new Set(subscriptions.flatMap(({ on }) => on.replace(/^[^:]*: /, "").split(", ")));
}

async function withProduct(
  url: string | undefined,
  run: (client: ProductClient) => Promise<number>,
): Promise<number> {
  const base = productUrl(url);
  // A product that is only starting already answers, with 503.
  if (await isUp(base, (await answers(base)) ? 60_000 : 0)) {
    return run({ url: base, token: token() });
  }
  if (url !== undefined) throw new Error(`nothing answers at ${url}`);
  process.stdout.write("no product is running; starting one for the demo\n");
  const engines = values.engines === undefined ? [] : ["--engines", values.engines];
  const child = spawn(process.execPath, [join(root, "scripts/start.ts"), "--quiet", ...engines], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    if (!(await isUp(base, 60_000))) throw new Error("the product did not come up in a minute");
    return await run({ url: base, token: token() });
  } finally {
    if (child.exitCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await gone;
    }
  }
}

function emptyTally(runtime: string): RuntimeTally {
  const zero = {
    sent: 0,
    accepted: 0,
    duplicates: 0,
    refused: 0,
    handled: 0,
    failed: 0,
    pending: 0,
  };
  return { runtime, ...zero, posted: 0, updated: 0, latenciesMs: [], events: new Map() };
}
