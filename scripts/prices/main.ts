import { parseArgs } from "node:util";
import { type GetJson, jsonOverHttp, type PriceFeed, type Send } from "#shared/price-lists";
import { toFault } from "#shared/errors";
import { awsPriceFeed } from "../../adapters/aws/pricing/feed.ts";
import { azurePriceFeed } from "../../adapters/azure/pricing/feed.ts";
import { gcpPriceFeed } from "../../adapters/gcp/pricing/feed.ts";
import { MODEL_MAP, readModelMap } from "./model-map.ts";
import { type PriceList, writePriceList } from "./price-lists.ts";
import { readFrom, recordTo } from "./recorded.ts";
import { hasMoves, hasRefusals, jsonOf, textOf, type UpdateReport } from "./report.ts";
import { updateList } from "./update-list.ts";

const HELP = `npm run prices:update -- [options]

Reads the public price APIs of AWS, Azure and Google and the public price map of models, compares with the figures that
hold, and renders adapters/<cloud>/price-list.ts as a new epoch. A cloud whose figures cannot all be read and believed
keeps those of before.

      --check        write nothing; exit with 1 where something has moved
      --approve      take moves of more than 20 %, and figures that are new; absurd ones never
      --only <names> some of aws,azure,gcp,models
      --from <dir>   read recorded answers, and nothing from the network
      --record <dir> keep a copy of every answer
      --json         the report as JSON
  -h, --help         this text

environment
  GOOGLE_API_KEY     for the Google catalogue: https://cloud.google.com/docs/authentication/api-keys

exit code
  0  every list was read, and holds what it says
  1  --check: something has moved
  2  the command line is wrong
  3  a list could not be read or must not be taken, or models moved, whose catalogue no command writes
`;

const NAMES = ["aws", "azure", "gcp", "models"];

/** What the command line works with; a test's own in a test. */
export type Surroundings = {
  readonly root: string;
  readonly lists: readonly PriceList[];
  readonly send: Send;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Where APIs are, other than at their vendors. */
  readonly origins?: Readonly<Record<string, string>>;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
};

/** The command line of `npm run prices:update`; gives the exit code. */
export async function main(args: readonly string[], around: Surroundings): Promise<number> {
  const options = optionsOf(args);
  if (typeof options === "string") {
    around.complain(`prices:update: ${options}; see --help\n`);
    return 2;
  }
  if (options.help) {
    around.print(HELP);
    return 0;
  }
  const report = await readAll(options, around);
  const { check } = options;
  if (!check) {
    for (const { next } of report.clouds) if (next !== undefined) writePriceList(around.root, next);
  }
  around.print(options.json ? jsonOf(report) : textOf(report, !check));
  if (hasRefusals(report)) return 3;
  if (check) return hasMoves(report) ? 1 : 0;
  return (report.models?.moves ?? []).length > 0 ? 3 : 0;
}

type Options = {
  readonly check: boolean;
  readonly approve: boolean;
  readonly json: boolean;
  readonly help: boolean;
  readonly only: readonly string[];
  readonly from: string | undefined;
  readonly record: string | undefined;
};

function optionsOf(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        check: { type: "boolean", default: false },
        approve: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        only: { type: "string", default: NAMES.join(",") },
        from: { type: "string" },
        record: { type: "string" },
      },
    });
    const only = values.only.split(",");
    const unknown = only.find((name) => !NAMES.includes(name));
    if (unknown !== undefined) return `"${unknown}" is none of ${NAMES.join(", ")}`;
    return { ...values, only, from: values.from, record: values.record };
  } catch (error) {
    return error instanceof Error ? error.message : "not understood";
  }
}

async function readAll(options: Options, around: Surroundings): Promise<UpdateReport> {
  const { from, record, only, approve: approved } = options;
  const live = from === undefined ? jsonOverHttp(around.send) : readFrom(from);
  const getJson = record === undefined ? live : recordTo(record, live);
  const key = from === undefined ? around.env["GOOGLE_API_KEY"] : "recorded";
  const { origins = {}, lists, today } = around;
  const feeds: readonly PriceFeed[] = [
    awsPriceFeed(origins["aws"]),
    azurePriceFeed(origins["azure"]),
    gcpPriceFeed(key, origins["gcp"]),
  ];
  const asked = lists.filter(({ cloud }) => only.includes(cloud));
  const clouds = await Promise.all(
    asked.flatMap((list) => {
      const feed = feeds.find(({ cloud }) => cloud === list.cloud);
      return feed === undefined ? [] : updateList(list, feed, getJson, { approved, today });
    }),
  );
  if (!only.includes("models")) return { clouds };
  return { clouds, models: await readModels(getJson, origins["models"] ?? MODEL_MAP, today) };
}

async function readModels(
  getJson: GetJson,
  url: string,
  today: string,
): Promise<NonNullable<UpdateReport["models"]>> {
  try {
    return { moves: readModelMap(await getJson(url), today).moves };
  } catch (error) {
    return { moves: [], refusal: toFault(error).message };
  }
}
