import { type Delivery, RETENTION_DAYS } from "./delivery.ts";
import { measure, type Metrics } from "./metrics.ts";
import { duration, escapeText, link, slackMessage, type SlackMessage } from "./slack-text.ts";
import { summarize } from "./summary.ts";

const DAY_MS = 86_400_000;
const MAX_FAILING = 5;

/** A repository's day up to `toMs`; `undefined` when nothing happened. The same records give the same message. */
export function digestMessage(
  repository: string,
  deliveries: readonly Delivery[],
  toMs: number,
): SlackMessage | undefined {
  const fromMs = toMs - DAY_MS;
  const active = deliveries.filter(({ facts }) =>
    Object.values(facts).some(({ atMs }) => atMs >= fromMs && atMs < toMs),
  );
  if (active.length === 0) return undefined;
  const day = measure(deliveries, { fromMs, toMs });
  const month = measure(deliveries, { fromMs: toMs - RETENTION_DAYS * DAY_MS, toMs });
  const date = new Date(toMs).toISOString().slice(0, 10);
  return slackMessage(escapeText(`Deliveries of ${repository}, ${date}`), [
    [
      `:bar_chart: *Deliveries of ${escapeText(repository)}*, ${date}`,
      `*24 hours* ${active.length} commits with news · ${told(day)}`,
      `*${RETENTION_DAYS} days* ${told(month)}`,
      ...failing(active),
    ].join("\n"),
  ]);
}

function told(metrics: Metrics): string {
  const { delivered, leadTimeMs, failureRate, recoverMs, finished, failed, basis } = metrics;
  const judged = basis === "builds" ? "builds" : "deployments";
  return [
    `${delivered} commits to production`,
    `lead time ${time(leadTimeMs)}`,
    failureRate === null
      ? `no ${judged} finished`
      : `${failed} of ${finished} ${judged} failed (${Math.round(failureRate * 100)} %)`,
    `time to recover ${time(recoverMs)}`,
  ].join(" · ");
}

function time(milliseconds: number | null): string {
  return milliseconds === null ? "–" : duration(milliseconds);
}

function failing(deliveries: readonly Delivery[]): string[] {
  const failed = deliveries
    .map(summarize)
    .filter(({ state }) => state === "failure")
    .sort((a, b) => b.changedAtMs - a.changedAtMs || (a.commit < b.commit ? -1 : 1));
  if (failed.length === 0) return [];
  const named = failed
    .slice(0, MAX_FAILING)
    .map(({ url, commit, title }) => `:x: ${link(url, commit.slice(0, 7))} ${escapeText(title)}`);
  const more = failed.length > MAX_FAILING ? [`and ${failed.length - MAX_FAILING} more`] : [];
  return [`*Failing now*`, ...named, ...more];
}
