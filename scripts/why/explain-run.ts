import * as z from "zod";

const Explained = z.object({
  id: z.string(),
  function: z.string(),
  operation: z.string(),
  runtime: z.string(),
  status: z.string(),
  durationMs: z.number(),
  costUsd: z.number(),
  receipt: z.object({
    requests: z.number(),
    gbSeconds: z.number(),
    vcpuSeconds: z.number(),
    egressBytes: z.number(),
    lines: z
      .array(
        z.object({
          kind: z.string(),
          product: z.string(),
          units: z.number(),
          picoUsd: z.number(),
          estimated: z.literal(true).optional(),
        }),
      )
      .default([]),
  }),
  decision: z.object({
    reason: z.string(),
    epoch: z.number().optional(),
    arms: z
      .array(
        z.object({ runtime: z.string(), verdict: z.string(), scoreUsd: z.number().nullable() }),
      )
      .optional(),
  }),
});

const REASONS: Readonly<Record<string, string>> = {
  cheapest: "it was the cheapest of those that were open",
  trial: "to learn what it costs there; at most one call in two hundred is",
  home: "the state that the message is about is there",
  publish: "its queue was the cheapest when the message was sent",
  failover: "another runtime gave no answer, or was down",
  hedge: "another runtime was slow to answer; the first answer of the two counts",
  pinned: "the caller asked for it",
};

/** A run's decision in words, for a terminal. Throws for what is no run. */
export function explainRun(run: unknown): string {
  const { decision, receipt, ...seen } = Explained.parse(run);
  const lines = [
    `${seen.function} (${seen.operation}) ran on ${seen.runtime}: ${REASONS[decision.reason] ?? decision.reason}`,
    `  ${seen.status} after ${seen.durationMs} ms, ${usd(seen.costUsd)} at list price:` +
      ` ${receipt.requests} request, ${receipt.gbSeconds.toPrecision(3)} GB-s,` +
      ` ${receipt.vcpuSeconds.toPrecision(3)} vCPU-s, ${receipt.egressBytes} bytes out`,
  ];
  for (const { kind, product, units, picoUsd, estimated } of receipt.lines) {
    const amount = usd(picoUsd / 1e12).padEnd(14);
    const mark = estimated === true ? " (estimated)" : "";
    lines.push(`    ${kind.padEnd(17)} ${amount} ${round(units)} at ${product}${mark}`);
  }
  if (decision.arms !== undefined) {
    lines.push(`  what the router saw then, in prices of epoch ${decision.epoch ?? 0}:`);
    for (const { runtime, verdict, scoreUsd } of decision.arms) {
      const score = scoreUsd === null ? "-" : usd(scoreUsd);
      lines.push(`    ${runtime.padEnd(6)} ${score.padEnd(14)} ${verdict}`);
    }
    lines.push(
      "  scores are USD a call at the present value of the free grants, cold starts included",
    );
  }
  return `${lines.join("\n")}\n`;
}

function round(units: number): string {
  return Number.isInteger(units) ? String(units) : units.toPrecision(3);
}

function usd(value: number): string {
  return `$${value.toPrecision(3)}`;
}
