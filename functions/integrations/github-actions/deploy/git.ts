import { Fault } from "#shared/errors";
import { type Api, path } from "#shared/integration";
import * as z from "zod";

type Repository = { readonly owner: string; readonly repo: string };

const Ref = z.object({ object: z.object({ sha: z.string() }) });
const Commit = z.object({ sha: z.string() });
const PullRequest = z.object({ number: z.int(), html_url: z.string() });

/** A pull request as others name it. */
export type Proposed = { readonly number: number; readonly url: string };

/** The commit that a ref (`heads/main`) is at; `undefined` where there is none. */
export async function readRef(
  api: Api,
  { owner, repo }: Repository,
  ref: string,
): Promise<string | undefined> {
  const { status, body } = await api.send({
    method: "GET",
    path: path`/repos/${owner}/${repo}/git/ref/${ref}`,
    accept: [404],
    response: z.union([Ref, z.object({ message: z.string() })]),
  });
  return status === 404 || !("object" in body) ? undefined : body.object.sha;
}

/** The tree of a commit: what its content is. */
export async function readTree(
  api: Api,
  { owner, repo }: Repository,
  commit: string,
): Promise<string> {
  const { tree } = await api.request({
    method: "GET",
    path: path`/repos/${owner}/${repo}/git/commits/${commit}`,
    response: z.object({ tree: z.object({ sha: z.string() }) }),
  });
  return tree.sha;
}

/** Creates a commit that no branch holds yet. */
export async function createCommit(
  api: Api,
  { owner, repo }: Repository,
  content: { readonly message: string; readonly tree: string; readonly parents: readonly string[] },
): Promise<string> {
  const { sha } = await api.request({
    method: "POST",
    path: path`/repos/${owner}/${repo}/git/commits`,
    json: content,
    response: Commit,
  });
  return sha;
}

/** Creates a branch at a commit and gives where it is: another one, if somebody was faster. */
export async function createBranch(
  api: Api,
  place: Repository,
  name: string,
  sha: string,
): Promise<string> {
  try {
    await api.request({
      method: "POST",
      path: path`/repos/${place.owner}/${place.repo}/git/refs`,
      json: { ref: `refs/heads/${name}`, sha },
      response: z.unknown(),
    });
    return sha;
  } catch (error) {
    if (!Fault.is(error) || !/^(?:invalid_argument|already_exists)$/.test(error.code)) throw error;
    const found = await readRef(api, place, `heads/${name}`);
    if (found === undefined) throw error;
    return found;
  }
}

/** Moves a branch forward. GitHub refuses if the commit does not follow what the branch is at. */
export async function moveBranch(
  api: Api,
  { owner, repo }: Repository,
  name: string,
  sha: string,
): Promise<void> {
  await api.request({
    method: "PATCH",
    path: path`/repos/${owner}/${repo}/git/refs/${`heads/${name}`}`,
    json: { sha, force: false },
    response: z.unknown(),
  });
}

/** The open pull request from one branch to another, made if there is none. */
export async function propose(
  api: Api,
  { owner, repo }: Repository,
  asked: {
    readonly title: string;
    readonly body: string;
    readonly head: string;
    readonly base: string;
  },
): Promise<Proposed> {
  const pulls = path`/repos/${owner}/${repo}/pulls`;
  const { head, base } = asked;
  const [found] = await api.request({
    method: "GET",
    path: pulls,
    query: { head: `${owner}:${head}`, base, state: "open" },
    response: z.array(PullRequest),
  });
  const one =
    found ??
    (await api.request({ method: "POST", path: pulls, json: asked, response: PullRequest }));
  return { number: one.number, url: one.html_url };
}
