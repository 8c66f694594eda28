import { Fault } from "#shared/errors";
import type * as z from "zod";
import { checkFacts, workflowFacts } from "./build-facts.ts";
import { deploymentFacts, deploymentStatusFacts } from "./deployment-facts.ts";
import {
  AnyEvent,
  CheckRunEvent,
  DeploymentEvent,
  DeploymentStatusEvent,
  PullRequestEvent,
  PushEvent,
  ReleaseEvent,
  WorkflowRunEvent,
} from "./events.ts";
import type { Told } from "./fact.ts";
import { pullFacts, pushFacts, releaseFacts } from "./source-facts.ts";

type Reader = (type: string, payload: unknown) => Omit<Told, "repository">;

const readers: Readonly<Record<string, Reader>> = {
  push: reader(PushEvent, pushFacts),
  pull_request: reader(PullRequestEvent, pullFacts),
  release: reader(ReleaseEvent, releaseFacts),
  workflow_run: reader(WorkflowRunEvent, workflowFacts),
  check_run: reader(CheckRunEvent, checkFacts),
  deployment: reader(DeploymentEvent, deploymentFacts),
  deployment_status: reader(DeploymentStatusEvent, deploymentStatusFacts),
};

/** The GitHub events that can say something about a commit's way to production. */
export const eventTypes: readonly string[] = Object.keys(readers);

/**
 * Reads a GitHub event. Gives no facts for one that names no commit, such as the deletion of a branch.
 * Throws `invalid_argument`, naming the field, for one that lacks what GitHub documents for its type.
 */
export function factsOf(type: string, payload: unknown): Told {
  const { repository } = parse(AnyEvent, type, payload);
  const told = readers[type]?.(type, payload) ?? { facts: [] };
  return { repository: repository.full_name, ...told };
}

function reader<S extends z.ZodType>(
  schema: S,
  read: (event: z.output<S>) => Omit<Told, "repository">,
): Reader {
  return (type, payload) => read(parse(schema, type, payload));
}

function parse<S extends z.ZodType>(schema: S, type: string, payload: unknown): z.output<S> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") || "payload";
  throw new Fault(
    "invalid_argument",
    `delivery-pulse.read: the ${type} event's ${field} does not fit (${issue?.code}); compare it with GitHub's documentation of the event`,
    { origin: "upstream", details: { event: type, field } },
  );
}
