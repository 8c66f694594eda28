import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkedRegistry } from "../lint/lint-project.ts";
import { isWidened, makePlan } from "./plan.ts";
import { readRecord, recordFile, writeRecord } from "./record.ts";
import { renderedClouds } from "./rendered.ts";
import { reportOf } from "./report.ts";
import { readTraffic } from "./traffic.ts";

const HELP = `npm run plan -- [options]

Tells what a deployment would change on each cloud since the last recorded one: resources and permissions; what it would
cost a month; and where the clouds do not do quite the same with what this project uses.

      --stage <name>       the stage (default dev)
      --traffic <calls>    calls a day of every function that no schedule starts (default 1000), or JSON, or a file with
                           it: {"default": 100, "pulse-fold": {"callsPerDay": 5000, "durationMs": 80}}
      --allow-permissions  permissions may become wider
      --json               the whole plan as JSON
      --record             write down that this is now deployed, instead of planning
      --commit <sha>       with --record: the commit it was made from
      --artifact <id>      with --record: the run that keeps its packages
      --deployed <file>    the record (default infra/deployed/<stage>.json)
  -h, --help               this text

Exit code 2 where a function could do more than before, unless --allow-permissions says that this is meant.
`;

const { values } = parseArgs({
  options: {
    stage: { type: "string", default: "dev" },
    traffic: { type: "string", default: "1000" },
    "allow-permissions": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    commit: { type: "string" },
    artifact: { type: "string" },
    deployed: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});

async function main(): Promise<number> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { stage, commit, artifact } = values;
  const file = values.deployed ?? recordFile(root, stage);
  const { deployables } = await checkedRegistry(root);
  const clouds = await renderedClouds(
    deployables.map(({ definition }) => definition),
    stage,
  );
  if (values.record) {
    writeRecord(file, clouds, { stage, recordedAt: new Date().toISOString(), commit, artifact });
    process.stdout.write(`recorded the deployment of ${stage} in ${file}\n`);
    return 0;
  }
  const plan = makePlan(stage, clouds, readRecord(file), readTraffic(values.traffic));
  process.stdout.write(values.json ? `${JSON.stringify(plan, null, 2)}\n` : reportOf(plan));
  if (!isWidened(plan) || values["allow-permissions"]) return 0;
  process.stderr.write("permissions become wider; if that is meant, say --allow-permissions\n");
  return 2;
}

if (values.help === true) process.stdout.write(HELP);
else {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
