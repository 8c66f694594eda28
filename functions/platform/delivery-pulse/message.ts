import type { Delivery } from "./delivery.ts";
import type { Fact, State } from "./fact.ts";
import { duration, escapeText, link, slackMessage, type SlackMessage } from "./slack-text.ts";
import { type Summary, summarize } from "./summary.ts";

const icons: Readonly<Record<State, string>> = {
  pending: ":white_circle:",
  running: ":hourglass_flowing_sand:",
  success: ":white_check_mark:",
  failure: ":x:",
  neutral: ":heavy_minus_sign:",
};

const words: Readonly<Record<State, string>> = {
  pending: "waiting",
  running: "under way",
  success: "passed",
  failure: "failed",
  neutral: "no result",
};

/** The most things of one kind that a line names; the rest is counted. */
const MAX_NAMED = 8;

/** The one message about a commit. The same record always gives the same message. */
export function commitMessage(delivery: Delivery): SlackMessage {
  const summary = summarize(delivery);
  const short = summary.commit.slice(0, 7);
  const lines = [
    `${icons[summary.state]} *${link(summary.url, short)}* ${escapeText(summary.title)}`.trimEnd(),
    origin(summary),
    line("Builds", summary.builds, build),
    checks(summary.checks),
    line("Deployments", summary.deployments, build),
    line("Releases", summary.releases, release),
  ];
  const text = `${summary.repository} ${short} ${words[summary.state]}`;
  return slackMessage(escapeText(summary.title === "" ? text : `${text}: ${summary.title}`), [
    lines.filter((part) => part !== "").join("\n"),
  ]);
}

function origin({ repository, branches, author, pulls }: Summary): string {
  const parts = [
    escapeText(repository),
    ...branches.slice(0, MAX_NAMED).map((branch) => `\`${escapeText(branch)}\``),
    ...(author === undefined ? [] : [`by ${escapeText(author)}`]),
    ...pulls.slice(0, MAX_NAMED).map((pull) => `${link(pull.url, pull.name)} (${pull.label})`),
  ];
  return parts.join(" · ");
}

function line(title: string, facts: readonly Fact[], say: (fact: Fact) => string): string {
  if (facts.length === 0) return "";
  const named = facts.slice(0, MAX_NAMED).map(say);
  const more = facts.length > MAX_NAMED ? [`and ${facts.length - MAX_NAMED} more`] : [];
  return `*${title}* ${[...named, ...more].join(" · ")}`;
}

function build(fact: Fact): string {
  const { state, startedAtMs, atMs, label } = fact;
  const finished = state === "success" || state === "failure";
  const took = finished && startedAtMs !== undefined ? duration(atMs - startedAtMs) : undefined;
  const note = [label, took].filter((part) => part !== undefined).join(", ");
  return `${icons[state]} ${link(fact.url, fact.name)}${note === "" ? "" : ` (${escapeText(note)})`}`;
}

function release(fact: Fact): string {
  return `${icons[fact.state]} ${link(fact.url, fact.name)} (${fact.label})`;
}

/** Checks are many: counts, and the names of those that failed. */
function checks(facts: readonly Fact[]): string {
  if (facts.length === 0) return "";
  const states: readonly State[] = ["failure", "running", "pending", "success", "neutral"];
  const counts = states.flatMap((state) => {
    const count = facts.filter((fact) => fact.state === state).length;
    return count === 0 ? [] : [`${icons[state]} ${count} ${words[state]}`];
  });
  const failed = facts.filter(({ state }) => state === "failure").slice(0, MAX_NAMED);
  const names = failed.map((fact) => link(fact.url, fact.name)).join(", ");
  return `*Checks* ${counts.join(" · ")}${names === "" ? "" : ` (${names})`}`;
}
