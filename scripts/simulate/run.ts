import { parseArgs } from "node:util";
import { replay, type Report, type Scenario, scenarios, simulate } from "#shared/simulation";
import { SingleBar } from "cli-progress";

const HELP = `npm run simulate -- --scenario <name> [options]

Plays a scenario in a simulated world, once for each seed: clocks that are off, a network that loses, doubles and cuts,
nodes that crash and stand still. Exits with 1 if a seed violates what must hold, and prints its trace.

${scenarios.map(describe).join("\n")}

  --seeds <n>     how many seeds (10000)
  --from <n>      the first of them (1)
  --seed <n>      plays one seed again and prints its trace
  --plant <bug>   plants a bug that the scenario must catch; exits with 1 if it does not
`;

const { values } = parseArgs({
  options: {
    scenario: { type: "string" },
    seeds: { type: "string", default: "10000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    plant: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
// Faults are thrown by the million, and nobody reads where.
Error.stackTraceLimit = 0;
if (values.help === true) process.stdout.write(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  const scenario = scenarios.find(({ name }) => name === values.scenario);
  const { plant } = values;
  const isKnown = plant === undefined || scenario?.plants[plant] !== undefined;
  const numbers = [values.seeds, values.from, values.seed ?? "1"].map(Number);
  if (scenario === undefined || !isKnown || !numbers.every(Number.isSafeInteger)) {
    process.stderr.write(HELP);
    return 2;
  }
  if (values.seed !== undefined) return playAgain(scenario, Number(values.seed), plant);
  return playAll(scenario, plant);
}

async function playAll(scenario: Scenario, plant: string | undefined): Promise<number> {
  const seeds = Number(values.seeds);
  const bar = new SingleBar({ format: "{bar} {value}/{total} seeds", etaBuffer: 1_000 });
  const startMs = performance.now();
  if (process.stderr.isTTY) bar.start(seeds, 0);
  const report = await simulate(scenario, {
    firstSeed: Number(values.from),
    seeds,
    plant,
    untilFailure: true,
    onSeed: (done) => void (done % 100 === 0 && bar.update(done)),
  });
  bar.stop();
  const seconds = (performance.now() - startMs) / 1000;
  process.stdout.write(
    `${scenario.name}: ${report.played} seeds in ${seconds.toFixed(1)} s, ${Math.round(report.played / seconds)} a second\n${factsOf(report)}\n`,
  );
  const [failure] = report.failures;
  if (failure === undefined) {
    process.stdout.write("nothing was violated\n");
    return plant === undefined ? 0 : 1;
  }
  await playAgain(scenario, failure.seed, plant);
  return plant === undefined ? 1 : 0;
}

async function playAgain(scenario: Scenario, seed: number, plant?: string): Promise<number> {
  const { trace, violations } = await replay(scenario, seed, plant);
  const planted = plant === undefined ? "" : ` --plant ${plant}`;
  process.stdout.write(
    [
      ...trace,
      ...violations.map((violation) => `VIOLATED: ${violation}`),
      `again: npm run simulate -- --scenario ${scenario.name} --seed ${seed}${planted}`,
      "",
    ].join("\n"),
  );
  return violations.length === 0 ? 0 : 1;
}

function factsOf({ facts }: Report): string {
  return [...facts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([fact, count]) => `  ${String(count).padStart(9)} ${fact}`)
    .join("\n");
}

function describe({ name, summary, plants }: Scenario): string {
  const bugs = Object.entries(plants).map(([bug, what]) => `      --plant ${bug}: ${what}`);
  return [`  ${name}: ${summary}`, ...bugs].join("\n");
}
