import { type ApiPath, path } from "#shared/integration";
import type { Place } from "./place.ts";

/** What a request says of visibility: nothing, where there is no organisation. */
export function seenBy(
  { repo }: Place,
  seen: { readonly visibility: string; readonly repositoryIds?: readonly number[] | undefined },
): Record<string, unknown> {
  if (repo !== undefined) return {};
  return {
    visibility: seen.visibility,
    ...(seen.visibility === "selected"
      ? { selected_repository_ids: seen.repositoryIds ?? [] }
      : {}),
  };
}

/** All secrets or variables of a place. */
export function allIn({ owner, repo, environment }: Place, kind: "secrets" | "variables"): ApiPath {
  if (repo === undefined) return path`/orgs/${owner}/actions/${kind}`;
  if (environment === undefined) return path`/repos/${owner}/${repo}/actions/${kind}`;
  return path`/repos/${owner}/${repo}/environments/${environment}/${kind}`;
}

/** One secret or variable; `public-key`, which is no name, is the key for secrets. */
export function oneIn(
  { owner, repo, environment }: Place,
  kind: "secrets" | "variables",
  called: string,
): ApiPath {
  if (repo === undefined) return path`/orgs/${owner}/actions/${kind}/${called}`;
  if (environment === undefined) return path`/repos/${owner}/${repo}/actions/${kind}/${called}`;
  return path`/repos/${owner}/${repo}/environments/${environment}/${kind}/${called}`;
}
