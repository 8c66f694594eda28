import type * as z from "zod";
import type { call } from "./actions/report-calls.ts";
import type { prices } from "./figures.ts";
import { priceOf, pricesAsOf, spreadOf, totalUsd, usdOf } from "./reckoning.ts";

/** What calls have cost and how long they took, by model, the dearest first. */
export function reportOnCalls({
  calls,
  prices: own,
}: {
  readonly calls: readonly z.output<typeof call>[];
  readonly prices: z.output<typeof prices>;
}) {
  const groups = Map.groupBy(calls, ({ model }) => model);
  const models = [...groups].map(([model, group]) => reportOf(model, group, own));
  return {
    models: models.toSorted((a, b) => (b.usd ?? 0) - (a.usd ?? 0)),
    usd: totalUsd(models.map(({ usd }) => usd)),
    unpriced: models.filter(({ usd }) => usd === null).map(({ model }) => model),
    pricesAsOf,
  };
}

function reportOf(
  model: string,
  calls: readonly z.output<typeof call>[],
  own: z.output<typeof prices>,
) {
  const price = priceOf(model, own);
  const sum = (read: (one: z.output<typeof call>) => number): number =>
    calls.reduce((total, one) => total + read(one), 0);
  const timed = calls.filter(({ latencyMs, isFailed }) => !isFailed && (latencyMs ?? 0) > 0);
  const seconds = timed.reduce((total, { latencyMs = 0 }) => total + latencyMs / 1000, 0);
  const written = timed.reduce((total, { usage }) => total + usage.outputTokens, 0);
  return {
    model,
    calls: calls.length,
    failed: calls.filter(({ isFailed }) => isFailed).length,
    inputTokens: sum(({ usage }) => usage.inputTokens),
    cachedTokens: sum(({ usage }) => usage.cachedTokens),
    outputTokens: sum(({ usage }) => usage.outputTokens),
    usd:
      price === undefined
        ? null
        : totalUsd(calls.map(({ usage, isBatch }) => usdOf(price, usage, isBatch))),
    latencyMs: spreadOf(timed.flatMap(({ latencyMs }) => latencyMs ?? [])),
    tokensPerSecond: seconds === 0 ? undefined : Math.round((written / seconds) * 10) / 10,
  };
}
