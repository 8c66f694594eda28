import { Fault } from "#shared/errors";
import { type Api, defineAction, path } from "#shared/integration";
import * as z from "zod";
import { inProject, location, readPages, regionFor, serviceId } from "../client.ts";
import { readRevisions, type Revision } from "./list-revisions.ts";

type Revision = z.infer<typeof Revision>;

/** Dollars for what Cloud Run counts. Instance-based billing has no price of requests. */
const Prices = z.object({
  usdPerVcpuSecond: z.number().nonnegative(),
  usdPerGibSecond: z.number().nonnegative(),
  usdPerMillionRequests: z.number().nonnegative(),
});

type Prices = z.infer<typeof Prices>;

const docs = "https://cloud.google.com/run/pricing";

/** https://cloud.google.com/run/pricing, as of 2026-11-21. */
export const prices = {
  tier1: {
    requests: {
      usdPerVcpuSecond: 0.000024,
      usdPerGibSecond: 0.0000025,
      usdPerMillionRequests: 0.4,
    },
    instances: {
      usdPerVcpuSecond: 0.000018,
      usdPerGibSecond: 0.000002,
      usdPerMillionRequests: 0,
    },
  },
  tier2: {
    requests: {
      usdPerVcpuSecond: 0.0000336,
      usdPerGibSecond: 0.0000035,
      usdPerMillionRequests: 0.4,
    },
    instances: {
      usdPerVcpuSecond: 0.0000216,
      usdPerGibSecond: 0.0000024,
      usdPerMillionRequests: 0,
    },
  },
} as const satisfies Record<string, Record<string, Prices>>;

/** Tier 1 of https://cloud.google.com/run/docs/locations; any other region, known or new, counts as the dearer tier 2. */
const tier1 = new Set(
  "asia-east1 asia-northeast1 asia-northeast2 europe-north1 europe-southwest1 europe-west1 europe-west4 europe-west8 europe-west9 me-west1 us-central1 us-east1 us-east4 us-east5 us-south1 us-west1".split(
    " ",
  ),
);

const Cost = z.object({
  service: z.string(),
  revision: z.string(),
  billing: z.enum(["requests", "instances"]),
  billableSeconds: z.number(),
  requests: z.number(),
  usd: z.number(),
});

type Cost = z.infer<typeof Cost>;

const time = z.iso.datetime({ offset: true });

export const reportCosts = defineAction({
  summary: "Report what services and functions cost, by revision, from metered usage",
  docs: "https://cloud.google.com/run/docs/monitoring",
  scopes: ["monitoring.timeSeries.list", "run.revisions.list"],
  effect: "read",
  input: z
    .object({
      /** All of the region where it is left out; for a function, the `service` behind it. */
      service: serviceId.optional(),
      location,
      /** As far back as Cloud Monitoring keeps them: https://cloud.google.com/monitoring/quotas#data_retention_policy */
      since: time,
      until: time,
      /** Your own, such as after discounts; for revisions of either billing. */
      prices: Prices.optional(),
    })
    .refine(({ since, until }) => Date.parse(until) - Date.parse(since) >= 60_000, {
      error: "must be a minute after `since`, or later",
      path: ["until"],
    }),
  output: z.object({
    usd: z.number(),
    /** The dearest first. */
    revisions: z.array(Cost),
    priceTier: z.enum(["tier1", "tier2", "own"]),
    prices: z.url(),
    /** What is not in the sum, and why. */
    without: z.array(z.string()),
  }),
  async run(api, { service, location: asked, since, until, prices: own }) {
    const region = regionFor(api, asked);
    const span = { since, until, service };
    const sizes = await readRevisions(api, region, { service: service ?? "-", deleted: true });
    const seconds = await readUsage(api, region, BILLED, span);
    const requests = await readUsage(api, region, REQUESTS, span);
    const known = new Map(sizes.items.map((one) => [`${one.service}/${one.id}`, one]));
    const tier: keyof typeof prices = tier1.has(region) ? "tier1" : "tier2";
    const costs = [...seconds].flatMap(([name, billed]): Cost[] => {
      const revision = known.get(name);
      const asks = requests.get(name) ?? 0;
      return revision ? [costOf(revision, billed, asks, own ?? pricesOf(tier, revision))] : [];
    });
    return {
      usd: rounded(costs.reduce((sum, { usd }) => sum + usd, 0)),
      revisions: costs.toSorted((one, other) => other.usd - one.usd),
      priceTier: own === undefined ? tier : ("own" as const),
      prices: docs,
      without: [...EXCLUDED, ...unpriced([...seconds.keys()], known)],
    };
  },
});

/** https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run */
const BILLED = "run.googleapis.com/container/billable_instance_time";
const REQUESTS = "run.googleapis.com/request_count";

const EXCLUDED = [
  "free tier and committed-use discounts: they count by billing account",
  "network egress, builds, event delivery: other products",
];

function pricesOf(tier: keyof typeof prices, { cpuAlways }: Revision): Prices {
  return prices[tier][cpuAlways ? "instances" : "requests"];
}

/** The size of an instance for the time that is billed, and what requests cost. */
function costOf(
  revision: Revision,
  billableSeconds: number,
  requests: number,
  price: Prices,
): Cost {
  const { vcpu, memoryGib, cpuAlways, service, id } = revision;
  const perSecond = vcpu * price.usdPerVcpuSecond + memoryGib * price.usdPerGibSecond;
  const usd = billableSeconds * perSecond + (requests / 1e6) * price.usdPerMillionRequests;
  return {
    service: service ?? "",
    revision: id,
    billing: cpuAlways ? "instances" : "requests",
    billableSeconds,
    requests,
    usd: rounded(usd),
  };
}

/** To a ten-thousandth of a cent. */
function rounded(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}

/** Revisions whose usage is known and whose price is not, or not wholly. */
function unpriced(used: readonly string[], known: ReadonlyMap<string, Revision>): string[] {
  return used.flatMap((name) => {
    const revision = known.get(name);
    if (revision === undefined) return [`${name}: it is deleted, and its size is known no more`];
    const idle = revision.minInstances > 0 && !revision.cpuAlways;
    return [
      ...(idle ? [`${name}: idle time of its minimum instances`] : []),
      ...(revision.gpu ? [`${name}: its GPU`] : []),
    ];
  });
}

const TimeSeries = z.object({
  resource: z.object({
    labels: z.object({ service_name: z.string(), revision_name: z.string() }),
  }),
  points: z.array(
    z.object({
      value: z.object({
        doubleValue: z.number().nullish(),
        int64Value: z.string().nullish(),
      }),
    }),
  ),
});

/** Sums a metric over the time, by service and revision: https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list */
async function readUsage(
  api: Api,
  region: string,
  metric: string,
  span: {
    readonly since: string;
    readonly until: string;
    readonly service: string | undefined;
  },
): Promise<Map<string, number>> {
  const seconds = Math.floor((Date.parse(span.until) - Date.parse(span.since)) / 1_000);
  const where = [
    `metric.type = "${metric}"`,
    'resource.type = "cloud_run_revision"',
    `resource.labels.location = "${region}"`,
    ...(span.service === undefined ? [] : [`resource.labels.service_name = "${span.service}"`]),
  ];
  const { items, next } = await readPages(
    api,
    {
      host: "monitoring",
      path: path`${inProject(api)}/timeSeries`,
      query: {
        filter: where.join(" AND "),
        "interval.startTime": span.since,
        "interval.endTime": span.until,
        "aggregation.alignmentPeriod": `${seconds}s`,
        "aggregation.perSeriesAligner": "ALIGN_SUM",
        "aggregation.crossSeriesReducer": "REDUCE_SUM",
        "aggregation.groupByFields": [
          "resource.labels.service_name",
          "resource.labels.revision_name",
        ],
        pageSize: 500,
      },
    },
    { member: "timeSeries", item: TimeSeries },
  );
  // A sum of some pages would be taken for the whole.
  if (next !== null) throw tooMuch();
  return new Map(
    items.map(({ resource, points }) => [
      `${resource.labels.service_name}/${resource.labels.revision_name}`,
      points.reduce(
        (sum, { value }) => sum + (value.doubleValue ?? Number(value.int64Value ?? 0)),
        0,
      ),
    ]),
  );
}

function tooMuch(): Fault {
  return new Fault(
    "too_large",
    "cloud-functions.costs: more revisions than can be read at once; ask for one service, or a shorter time",
    { origin: "caller" },
  );
}
