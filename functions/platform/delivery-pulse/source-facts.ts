import type * as z from "zod";
import type { PullRequestEvent, PushEvent, ReleaseEvent } from "./events.ts";
import { type Fact, firstLine, type Told } from "./fact.ts";

type Facts = Omit<Told, "repository">;

/** What the commit itself is; `weight` says how much the event knew of it. */
export function commitFact(
  repositoryUrl: string,
  commit: string,
  known?: z.output<typeof PushEvent>["head_commit"],
): Told["facts"][number] {
  const url = `${repositoryUrl}/commit/${commit}`;
  const fact = { slot: "commit", kind: "commit", state: "neutral", url } as const;
  if (!known || known.id !== commit) {
    return { commit, fact: { ...fact, name: "", atMs: 0, weight: 0 } };
  }
  const author = known.author?.username ?? known.author?.name;
  const told = { name: firstLine(known.message), startedAtMs: known.timestamp };
  // Only a push knows the author's login; a workflow run has the name from the commit.
  const weight = known.author?.username ? 2 : 1;
  const atMs = known.timestamp;
  return { commit, fact: { ...fact, ...told, atMs, weight, ...(author && { author }) } };
}

/** A pushed branch or tag. A deleted one has no head commit and tells nothing. */
export function pushFacts(event: z.output<typeof PushEvent>): Facts {
  const { head_commit: head, ref, repository } = event;
  if (!head) return { facts: [] };
  const about = commitFact(repository.html_url, head.id, head);
  const tag = /^refs\/tags\/(.+)$/.exec(ref)?.[1];
  const name = tag ?? ref.replace(/^refs\/heads\//, "");
  const pushedAt = repository.pushed_at;
  const fact: Fact = {
    slot: `push:${ref}`,
    kind: tag === undefined ? "push" : "tag",
    name,
    state: "neutral",
    atMs: typeof pushedAt === "number" ? Math.trunc(pushedAt) * 1000 : head.timestamp,
    weight: 0,
  };
  const facts = [about, { commit: head.id, fact }];
  if (tag === undefined) return { facts };
  return { facts, tag: { name: tag, target: { commit: head.id, atMs: fact.atMs } } };
}

// Labels, assignees and locks change `updated_at` and nothing that is shown.
const PULL_ACTIONS = new Set([
  "opened",
  "edited",
  "reopened",
  "closed",
  "synchronize",
  "ready_for_review",
  "converted_to_draft",
]);

/** A pull request, told about its head and, once merged, about the commit that the merge made. */
export function pullFacts(event: z.output<typeof PullRequestEvent>): Facts {
  const pull = event.pull_request;
  if (!PULL_ACTIONS.has(event.action)) return { facts: [] };
  const open = pull.draft ? "draft" : "open";
  const label = pull.merged ? "merged" : pull.state === "closed" ? "closed" : open;
  const fact: Fact = {
    slot: `pull:${pull.number}`,
    kind: "pull",
    name: `#${pull.number} ${firstLine(pull.title)}`,
    state: "neutral",
    label,
    atMs: pull.updated_at,
    weight: label === "open" || label === "draft" ? 0 : 1,
    url: pull.html_url,
  };
  const merge = pull.merged ? pull.merge_commit_sha : undefined;
  const commits = new Set([pull.head.sha, ...(merge ? [merge] : [])]);
  const facts = [...commits].flatMap((commit) => [
    commitFact(event.repository.html_url, commit),
    { commit, fact },
  ]);
  return { facts };
}

/**
 * A release. `target_commitish` is a branch more often than a commit
 * (https://docs.github.com/en/rest/releases/releases#create-a-release), so the tag is what binds it to one.
 */
export function releaseFacts(event: z.output<typeof ReleaseEvent>): Facts {
  const { release, action, repository } = event;
  if (release.draft) return { facts: [] };
  const gone = action === "deleted" || action === "unpublished";
  const fact: Fact = {
    slot: `release:${release.tag_name}`,
    kind: "release",
    name: release.tag_name,
    state: gone ? "neutral" : "success",
    label: gone ? "withdrawn" : release.prerelease ? "prerelease" : "published",
    atMs: release.published_at ?? release.created_at ?? 0,
    weight: gone ? 2 : release.prerelease ? 0 : 1,
    url: release.html_url,
    production: !gone && !release.prerelease,
  };
  const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.exec(release.target_commitish)?.[0];
  if (commit === undefined) return { facts: [], tag: { name: release.tag_name, release: fact } };
  return { facts: [commitFact(repository.html_url, commit), { commit, fact }] };
}
