import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type {
  ListEnvironmentsInput,
  ListEnvironmentsOutput,
} from "../actions/environments/list-environments.ts";
import type {
  PutEnvironmentInput,
  PutEnvironmentOutput,
} from "../actions/environments/put-environment.ts";
import { listPage } from "../pages/list-page.ts";
import { Environment, environmentOf } from "./environment.ts";
import { keepPatterns } from "./patterns.ts";

/** Runs `put-environment`. */
export async function protect(
  api: Api,
  {
    owner,
    repo,
    environment,
    waitMinutes,
    reviewers,
    preventSelfReview,
    refs,
  }: PutEnvironmentInput,
): Promise<PutEnvironmentOutput> {
  const policy =
    refs === "all"
      ? null
      : {
          protected_branches: refs === "protected",
          custom_branch_policies: refs !== "protected",
        };
  const found = await api.request({
    method: "PUT",
    path: path`/repos/${owner}/${repo}/environments/${environment}`,
    json: {
      wait_timer: waitMinutes,
      prevent_self_review: preventSelfReview,
      reviewers,
      deployment_branch_policy: policy,
    },
    response: Environment,
  });
  if (typeof refs === "object") await keepPatterns(api, { owner, repo, environment }, refs);
  return environmentOf(found);
}

/** Runs `list-environments`. */
export async function listAll(
  api: Api,
  { owner, repo, ...page }: ListEnvironmentsInput,
): Promise<ListEnvironmentsOutput> {
  const found = await listPage(api, {
    ...page,
    path: path`/repos/${owner}/${repo}/environments`,
    response: z.object({ environments: z.array(Environment) }),
    items: ({ environments }) => environments,
  });
  return { environments: found.items.map(environmentOf), next: found.next };
}
