import webhooks from "@octokit/webhooks-examples" with { type: "json" };
import type { Random } from "#shared/function";
import * as z from "zod";
import type { Fact } from "../../functions/platform/delivery-pulse/fact.ts";
import { factsOf } from "../../functions/platform/delivery-pulse/facts.ts";
import { type GitHubDelivery, gitHubDelivery } from "../demo/github-deliveries.ts";

/** One event on its way, and what it says. */
export type PlannedEvent = {
  readonly delivery: GitHubDelivery;
  readonly repository: string;
  readonly commit: string;
  readonly facts: readonly Fact[];
};

type Template = { readonly type: string; readonly json: string; readonly commit: string };

const TYPES = new Set([
  "push",
  "workflow_run",
  "check_run",
  "deployment",
  "deployment_status",
  "pull_request",
]);

/** Real payloads that tell something about exactly one commit. */
const templates: readonly Template[] = webhooks
  .filter(({ name }) => TYPES.has(name))
  .flatMap(({ name, examples }) =>
    examples.flatMap((payload) => {
      const { facts, tag } = factsOf(name, payload);
      const [commit, ...others] = new Set(facts.map((each) => each.commit));
      const fits = commit !== undefined && others.length === 0 && tag === undefined;
      return fits ? [{ type: name, json: JSON.stringify(payload), commit }] : [];
    }),
  );

const Payload = z.looseObject({ repository: z.looseObject({ full_name: z.string() }) });

const EVENTS_PER_COMMIT = 5;

/** Events without end: each commit is new and has one to five of them, in no particular order. */
export function* workload(
  random: Random,
  repositories: readonly string[],
  secret: string,
): Generator<PlannedEvent, never> {
  const open: PlannedEvent[] = [];
  for (;;) {
    // Several commits at once, so that their events mix.
    while (open.length < 20) open.push(...eventsOfCommit(random, repositories, secret));
    const [next] = open.splice(Math.floor(random.next() * open.length), 1);
    if (next !== undefined) yield next;
  }
}

function eventsOfCommit(
  random: Random,
  repositories: readonly string[],
  secret: string,
): PlannedEvent[] {
  const commit = Buffer.from(random.bytes(20)).toString("hex");
  const repository = pick(random, repositories);
  const count = 1 + Math.floor(random.next() * EVENTS_PER_COMMIT);
  return Array.from({ length: count }, () => {
    const template = pick(random, templates);
    const payload = Payload.parse(JSON.parse(template.json.replaceAll(template.commit, commit)));
    payload.repository.full_name = repository;
    const delivery = gitHubDelivery(template.type, JSON.stringify(payload), secret, random.uuid());
    const facts = factsOf(template.type, payload).facts.map(({ fact }) => fact);
    return { delivery, repository, commit, facts };
  });
}

function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[Math.floor(random.next() * from.length)];
  if (picked === undefined) throw new Error("nothing to pick from");
  return picked;
}
