import { type Api, list, path } from "#shared/integration";
import * as z from "zod";

type Place = { readonly owner: string; readonly repo: string; readonly environment: string };
type Patterns = { readonly branches: readonly string[]; readonly tags: readonly string[] };

const Policies = z.object({
  branch_policies: z.array(
    z.object({ id: z.int(), name: z.string(), type: z.enum(["branch", "tag"]).optional() }),
  ),
});

/**
 * Makes the refs that may deploy to an environment exactly these: adds what is missing first, then removes the rest.
 * https://docs.github.com/rest/deployments/branch-policies
 */
export async function keepPatterns(
  api: Api,
  { owner, repo, environment }: Place,
  { branches, tags }: Patterns,
): Promise<void> {
  const all = path`/repos/${owner}/${repo}/environments/${environment}/deployment-branch-policies`;
  const { items: known } = await list(
    api,
    { method: "GET", path: all, query: { per_page: 100 }, response: Policies },
    { kind: "link", params: ["page"], items: ({ branch_policies }) => branch_policies },
  );
  const wanted = [
    ...branches.map((name) => ({ name, type: "branch" })),
    ...tags.map((name) => ({ name, type: "tag" })),
  ];
  for (const one of wanted.filter((want) => !known.some((have) => isSame(have, want)))) {
    // 303: someone else was faster.
    await api.request({
      method: "POST",
      path: all,
      json: one,
      accept: [303],
      response: z.unknown(),
    });
  }
  for (const { id } of known.filter((have) => !wanted.some((want) => isSame(have, want)))) {
    await api.request({
      method: "DELETE",
      path: path`/repos/${owner}/${repo}/environments/${environment}/deployment-branch-policies/${id}`,
      accept: [404],
      response: z.unknown(),
    });
  }
}

type Named = { readonly name: string; readonly type?: string | undefined };

function isSame(a: Named, b: Named): boolean {
  return a.name === b.name && (a.type ?? "branch") === (b.type ?? "branch");
}
