import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type { Latency } from "./actions/report-usage.ts";
import { wrongInput } from "./client.ts";
import type { prices } from "./figures.ts";
import { priceOf, pricesAsOf, totalUsd, usdOf } from "./reckoning.ts";

/** https://cloud.google.com/monitoring/api/metrics_gcp_a_b#gcp-aiplatform */
const METRIC = "aiplatform.googleapis.com/publisher/online_serving";
/** Metrics are kept for six weeks: https://cloud.google.com/monitoring/quotas#data_retention_policy */
const LONGEST_SECONDS = 42 * 86_400;

/** What Cloud Monitoring has counted of Gemini in a period, priced. */
export async function reportOnUsage(
  api: Api,
  {
    from,
    to,
    prices: own,
  }: { readonly from: string; readonly to: string; readonly prices: z.output<typeof prices> },
) {
  const seconds = Math.floor((Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds < 60 || seconds > LONGEST_SECONDS) {
    throw wrongInput("report-usage", "the period is shorter than a minute or longer than 42 days");
  }
  const period = { from, to, seconds };
  const read = (metric: string, reducer: string, label: string) =>
    readSeries(api, period, { metric, reducer, label });
  const tokens = await read("token_count", "REDUCE_SUM", "type");
  const calls = await read("model_invocation_count", "REDUCE_SUM", "response_code");
  const latencies = "model_invocation_latencies";
  const medians = await read(latencies, "REDUCE_PERCENTILE_50", "latency_type");
  const highs = await read(latencies, "REDUCE_PERCENTILE_95", "latency_type");
  const names = [...new Set([...tokens, ...calls].map(({ model }) => model))].toSorted();
  const models = names.map((model) => {
    const sum = (of: readonly Series[], is: (label: string) => boolean): number =>
      of.reduce((total, one) => total + (one.model === model && is(one.label) ? one.value : 0), 0);
    const inputTokens = sum(tokens, (label) => label === "input");
    const outputTokens = sum(tokens, (label) => label === "output");
    return {
      model,
      calls: sum(calls, () => true),
      failed: sum(calls, (label) => !label.startsWith("2")),
      inputTokens,
      outputTokens,
      usd: usdOf(priceOf(model, own), { inputTokens, cachedTokens: 0, outputTokens }),
      latency: latencyOf(model, medians, highs),
    };
  });
  return {
    models,
    usd: totalUsd(models.map(({ usd }) => usd)),
    unpriced: models.filter(({ usd }) => usd === null).map(({ model }) => model),
    pricesAsOf,
  };
}

type Series = { readonly model: string; readonly label: string; readonly value: number };

function latencyOf(
  model: string,
  medians: readonly Series[],
  highs: readonly Series[],
): z.infer<typeof Latency>[] {
  return medians
    .filter((one) => one.model === model)
    .flatMap(({ label, value }) => {
      const high = highs.find((one) => one.model === model && one.label === label);
      return high === undefined ? [] : [{ kind: label, p50Ms: value, p95Ms: high.value }];
    });
}

const Answer = z.object({
  timeSeries: z
    .array(
      z.object({
        metric: z.object({ labels: z.record(z.string(), z.string()).optional() }).optional(),
        resource: z.object({ labels: z.record(z.string(), z.string()).optional() }).optional(),
        points: z.array(
          z.object({
            value: z.object({
              int64Value: z
                .string()
                .regex(/^\d{1,15}$/)
                .transform(Number)
                .optional(),
              doubleValue: z.number().optional(),
            }),
          }),
        ),
      }),
    )
    .optional(),
});

/** One value per model and label for the whole period: https://cloud.google.com/monitoring/api/v3/aggregation */
async function readSeries(
  api: Api,
  { from, to, seconds }: { readonly from: string; readonly to: string; readonly seconds: number },
  { metric, reducer, label }: Readonly<Record<"metric" | "reducer" | "label", string>>,
): Promise<Series[]> {
  const { timeSeries = [] } = await api.request({
    method: "GET",
    host: "monitoring",
    path: path`/timeSeries`,
    query: {
      filter: `metric.type="${METRIC}/${metric}" AND resource.type="aiplatform.googleapis.com/PublisherModel"`,
      "interval.startTime": from,
      "interval.endTime": to,
      "aggregation.alignmentPeriod": `${seconds}s`,
      "aggregation.perSeriesAligner": "ALIGN_DELTA",
      "aggregation.crossSeriesReducer": reducer,
      "aggregation.groupByFields": ["resource.label.model_user_id", `metric.label.${label}`],
    },
    response: Answer,
  });
  return timeSeries.map(({ metric: of, resource, points }) => ({
    model: resource?.labels?.["model_user_id"] ?? "unknown",
    label: of?.labels?.[label] ?? "",
    value: points.reduce((sum, { value }) => sum + (value.int64Value ?? value.doubleValue ?? 0), 0),
  }));
}
