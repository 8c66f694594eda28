import type { Summary } from "./summary.ts";

/** The report as text, for a terminal. */
export function renderSummary(summary: Summary): string {
  const { trace, plan, fault, seeds } = summary;
  const scored = Math.round(seeds.reduce((sum, row) => sum + row.scoredCalls, 0) / seeds.length);
  return [
    `${trace.name}: ${trace.functions} functions, ${Math.round(summary.scale).toLocaleString("en")} calls a day (${scored.toLocaleString("en")} scored), plan ${plan}, fault ${fault}, seeds ${seeds.map(({ seed }) => seed).join(" ")}`,
    "",
    row(["policy", "/ bound", "$/month", "p95 missed", "late calls", "cold", "keeps mask"]),
    row(["lower bound", "1", dollars(summary.lowerBoundUsdPerDay * 30), "", "", "", ""]),
    ...Object.entries(summary.policies).map(([name, policy]) =>
      row([
        name,
        fixed(policy.costOverLowerBound),
        dollars(policy.usdPerMonth),
        whole(policy.sloViolations),
        whole(policy.lateCalls),
        whole(policy.coldStarts),
        policy.keepsMask ? "yes" : "no",
      ]),
    ),
    "",
    `cost / lower bound ${fixed(summary.costOverLowerBound)} (${seeds.map((one) => fixed(one.costOverLowerBound)).join(" ")}); / distributional oracle ${fixed(summary.costOverOracle)}`,
    `best static cloud that keeps the mask: ${summary.bestStatic.names.join(", ") || "none"}; cost / it ${fixed(summary.bestStatic.costOverIt)}; p95 missed ${whole(summary.sloViolations)} against ${whole(summary.bestStatic.sloViolations)}`,
    `duplicates ${whole(summary.duplicates)}, switches ${whole(summary.switches)}, exploration $${summary.explorationUsd.toFixed(4)} (${(summary.explorationShareOfCalls * 100).toFixed(2)} % of calls)`,
    `decision p50 ${Math.round(summary.nsPerDecision.p50)} ns, p99 ${Math.round(summary.nsPerDecision.p99)} ns; ${Math.round(summary.bytesPerFunction)} bytes per function`,
    "",
  ].join("\n");
}

function row([name = "", ...cells]: readonly string[]): string {
  return [name.padEnd(22), ...cells.map((cell) => cell.padStart(11))].join("").trimEnd();
}

function fixed(value: number | null): string {
  return value === null ? "-" : value.toFixed(4);
}

function dollars(value: number): string {
  return Number.isFinite(value) ? value.toFixed(value < 10 ? 3 : 2) : "-";
}

function whole(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(1);
}
