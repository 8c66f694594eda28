import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type {
  CreateReleaseInput,
  CreateReleaseOutput,
} from "../actions/releases/create-release.ts";
import type { GetReleaseInput, GetReleaseOutput } from "../actions/releases/get-release.ts";
import type { ListReleasesInput, ListReleasesOutput } from "../actions/releases/list-releases.ts";
import type {
  UpdateReleaseInput,
  UpdateReleaseOutput,
} from "../actions/releases/update-release.ts";
import { listPage } from "../pages/list-page.ts";
import { GivenRelease, releaseOf } from "./given.ts";

/** Runs `create-release`. */
export async function createRelease(
  api: Api,
  { owner, repo, tag, target, makeLatest, generateNotes, ...release }: CreateReleaseInput,
): Promise<CreateReleaseOutput> {
  const made = await api.request({
    method: "POST",
    path: path`/repos/${owner}/${repo}/releases`,
    json: {
      ...release,
      tag_name: tag,
      target_commitish: target,
      make_latest: makeLatest,
      generate_release_notes: generateNotes,
    },
    response: GivenRelease,
  });
  return releaseOf(made);
}

/** Runs `update-release`. */
export async function updateRelease(
  api: Api,
  { owner, repo, releaseId, makeLatest, ...release }: UpdateReleaseInput,
): Promise<UpdateReleaseOutput> {
  const changed = await api.request({
    method: "PATCH",
    path: path`/repos/${owner}/${repo}/releases/${releaseId}`,
    json: { ...release, make_latest: makeLatest },
    response: GivenRelease,
  });
  return releaseOf(changed);
}

/** Runs `get-release`. */
export async function getRelease(
  api: Api,
  { owner, repo, tag }: GetReleaseInput,
): Promise<GetReleaseOutput> {
  const found = await api.request({
    method: "GET",
    path:
      tag === undefined
        ? path`/repos/${owner}/${repo}/releases/latest`
        : path`/repos/${owner}/${repo}/releases/tags/${tag}`,
    response: GivenRelease,
  });
  return releaseOf(found);
}

/** Runs `list-releases`. */
export async function listReleases(
  api: Api,
  { owner, repo, ...page }: ListReleasesInput,
): Promise<ListReleasesOutput> {
  const found = await listPage(api, {
    ...page,
    path: path`/repos/${owner}/${repo}/releases`,
    response: z.array(GivenRelease),
    items: (releases) => releases,
  });
  return { releases: found.items.map(releaseOf), next: found.next };
}
