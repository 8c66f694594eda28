import type * as z from "zod";
import { weights } from "./build-facts.ts";
import type { DeploymentEvent, DeploymentStatusEvent } from "./events.ts";
import { type Fact, firstLine, type State, type Told } from "./fact.ts";
import { commitFact } from "./source-facts.ts";

type Facts = Omit<Told, "repository">;
type Deployment = z.output<typeof DeploymentEvent>["deployment"];

/** A deployment that was asked for. */
export function deploymentFacts(event: z.output<typeof DeploymentEvent>): Facts {
  const { deployment } = event;
  const fact = deploymentFact(deployment, "pending", deployment.created_at);
  return about(event.repository.html_url, deployment.sha, fact);
}

/**
 * What became of a deployment. `inactive` tells nothing: GitHub sets it by itself on every older deployment of an
 * environment (https://docs.github.com/en/rest/deployments/statuses), and it would hide how that one ended.
 */
export function deploymentStatusFacts(event: z.output<typeof DeploymentStatusEvent>): Facts {
  const { deployment, deployment_status: status } = event;
  const state = states[status.state];
  if (state === undefined) return { facts: [] };
  const url = status.environment_url || status.log_url || status.target_url;
  const fact: Fact = {
    ...deploymentFact(deployment, state, status.created_at),
    ...(url ? { url } : {}),
  };
  return about(event.repository.html_url, deployment.sha, fact);
}

const states: Readonly<Record<string, State>> = {
  pending: "pending",
  queued: "pending",
  waiting: "pending",
  in_progress: "running",
  success: "success",
  failure: "failure",
  error: "failure",
};

function deploymentFact(deployment: Deployment, state: State, atMs: number): Fact {
  const name = firstLine(deployment.environment);
  return {
    slot: `deployment:${deployment.id}`,
    kind: "deployment",
    name,
    state,
    atMs,
    weight: weights[state],
    startedAtMs: deployment.created_at,
    // The flag, or else the rule by which GitHub fills it: an environment called production.
    // https://docs.github.com/en/rest/deployments/deployments#create-a-deployment
    production: deployment.production_environment || /^prod(?:uction)?$/i.test(name),
  };
}

function about(repositoryUrl: string, commit: string, fact: Fact): Facts {
  return { facts: [commitFact(repositoryUrl, commit), { commit, fact }] };
}
