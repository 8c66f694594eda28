import { Fault } from "#shared/errors";
import { type Api, list, path } from "#shared/integration";
import * as z from "zod";
import { FnAnswer } from "./lambda-wire.ts";
import { listPrices, type Prices, type Usage } from "./actions/report-cost.ts";
import { lambdaPages } from "./read-pages.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
const metrics = [
  ["i", "Invocations", "Sum"],
  ["e", "Errors", "Sum"],
  ["t", "Throttles", "Sum"],
  ["d", "Duration", "Sum"],
  ["c", "ConcurrentExecutions", "Maximum"],
] as const;

/** A day: points begin at midnight, UTC, as the window does. */
const PERIOD_SECONDS = 86_400;
/** Five metrics of each stay within the 500 of one question: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const FUNCTIONS = 50;

type Fn = z.infer<typeof FnAnswer>;

/** What is asked: up to today, of one function or of a page of all. */
export type Asked = {
  readonly days: number;
  readonly functionName?: string | undefined;
  readonly prices?: Prices | undefined;
  readonly from?: string | undefined;
};

/** Reads what functions did from CloudWatch, and puts the prices to it. Throws what the vendor's answers make it. */
export async function reportUsage(
  api: Api,
  { days, functionName: name, prices: given, from: start }: Asked,
) {
  const used = given ?? listPrices;
  const nowSeconds = Math.floor(api.now() / 1_000);
  const until = nowSeconds - (nowSeconds % 60) + 60;
  const since = nowSeconds - (nowSeconds % PERIOD_SECONDS) - (days - 1) * PERIOD_SECONDS;
  const { items, next } = await readFunctions(api, name, start);
  const measured = items.length === 0 ? new Map() : await measure(api, items, since, until);
  const functions = items.map((fn, index) => usageOf(fn, index, measured, used));
  const sum = (of: (usage: Usage) => number): number =>
    functions.reduce((total, usage) => total + of(usage), 0);
  return {
    since: new Date(since * 1_000).toISOString(),
    until: new Date(until * 1_000).toISOString(),
    functions,
    total: {
      invocations: sum((usage) => usage.invocations),
      gbSeconds: rounded(sum((usage) => usage.gbSeconds)),
      usd: rounded(sum((usage) => usage.usd)),
    },
    prices: used,
    assumptions: [
      "memory and architecture were all the time what they are now",
      "on demand: without free tier, savings plans, tiers and provisioned concurrency",
      "durations as measured: their rounding up and cold starts are billed beside",
    ],
    next,
  };
}

async function readFunctions(
  api: Api,
  name: string | undefined,
  start: string | undefined,
): Promise<{ items: Fn[]; next: string | null }> {
  if (name !== undefined) {
    const place = path`/2015-03-31/functions/${name}/configuration`;
    const one = await api.request({ method: "GET", path: place, response: FnAnswer });
    return { items: [one], next: null };
  }
  const call = {
    method: "GET",
    path: path`/2015-03-31/functions`,
    query: { MaxItems: FUNCTIONS },
  } as const;
  return lambdaPages(api, call, "Functions", FnAnswer, start, 1);
}

const Measured = z
  .object({
    MetricDataResults: z.array(z.object({ Id: z.string(), Values: z.array(z.number()) })),
    NextToken: z.string().nullish(),
  })
  .transform((given) => ({ items: given.MetricDataResults, next: given.NextToken }));

/** The points of every metric, by its id: the metric's letter and the function's place. */
async function measure(
  api: Api,
  functions: readonly Fn[],
  since: number,
  until: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const points = new Map<string, number[]>();
  const { items, next } = await list(
    api,
    {
      method: "POST",
      host: "metrics",
      path: path`/`,
      // https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "GraniteServiceVersion20100801.GetMetricData",
      },
      json: {
        MetricDataQueries: functions.flatMap(({ name }, index) => queriesOf(name, index)),
        StartTime: since,
        EndTime: until,
      },
      response: Measured,
    },
    {
      kind: "cursor",
      param: "NextToken",
      within: "json",
      items: (page) => page.items,
      next: (page) => page.next,
    },
  );
  if (next !== null) {
    throw new Fault("deadline_exceeded", "aws-lambda.report: too many points; ask for fewer days", {
      origin: "upstream",
    });
  }
  for (const { Id: of, Values: values } of items) {
    points.set(of, [...(points.get(of) ?? []), ...values]);
  }
  return points;
}

function queriesOf(name: string, index: number) {
  return metrics.map(([letter, metric, statistic]) => ({
    Id: `${letter}${index}`,
    MetricStat: {
      Metric: {
        Namespace: "AWS/Lambda",
        MetricName: metric,
        Dimensions: [{ Name: "FunctionName", Value: name }],
      },
      Period: PERIOD_SECONDS,
      Stat: statistic,
    },
  }));
}

function usageOf(
  { name, memoryMb, architecture: kind }: Fn,
  index: number,
  measured: ReadonlyMap<string, readonly number[]>,
  used: Prices,
): Usage {
  const points = (letter: string): readonly number[] => measured.get(`${letter}${index}`) ?? [];
  const sum = (letter: string): number => points(letter).reduce((total, one) => total + one, 0);
  const [invocations, durationMs] = [sum("i"), sum("d")];
  const gbSeconds = (durationMs / 1_000) * (memoryMb / 1_024);
  const perGbSecond = kind === "arm64" ? used.usdPerGbSecondArm : used.usdPerGbSecondX86;
  const usd = (invocations / 1_000_000) * used.usdPerMillionRequests + gbSeconds * perGbSecond;
  return {
    name,
    memoryMb,
    architecture: kind,
    invocations,
    errors: sum("e"),
    throttles: sum("t"),
    averageMs: invocations === 0 ? 0 : rounded(durationMs / invocations),
    peakConcurrency: Math.max(0, ...points("c")),
    gbSeconds: rounded(gbSeconds),
    usd: rounded(usd),
  };
}

/** To a millionth: a single cheap invocation still costs something. */
function rounded(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000;
}
