import { type Api, list, path } from "#shared/integration";
import * as z from "zod";
import type { Conditions } from "./conditions.ts";
import type { WaitingRun } from "./pending.ts";

const Person = z.object({ login: z.string() });

const Run = z.object({
  head_branch: z.string().nullable(),
  head_sha: z.string(),
  head_repository: z.object({ full_name: z.string() }).nullish(),
  actor: Person.optional(),
  triggering_actor: Person.optional(),
});

type Run = z.output<typeof Run>;

const CheckRuns = z.object({
  check_runs: z.array(z.object({ name: z.string(), conclusion: z.string().nullable() })),
});

/**
 * What stands against a run: `unmet` for good, `open` as long as checks have not ended. Both empty when all conditions hold.
 */
export async function testConditions(
  api: Api,
  { owner, repo, runId }: WaitingRun,
  { refs, actors, checks }: Conditions,
): Promise<{ readonly unmet: string[]; readonly open: string[] }> {
  const run = await api.request({
    method: "GET",
    path: path`/repos/${owner}/${repo}/actions/runs/${runId}`,
    response: Run,
  });
  const unmet = [
    ...(refs === undefined ? [] : wrongRef(run, `${owner}/${repo}`, refs)),
    ...(actors === undefined ? [] : strangers(run, actors)),
  ];
  if (checks === undefined) return { unmet, open: [] };
  const { items } = await list(
    api,
    {
      method: "GET",
      path: path`/repos/${owner}/${repo}/commits/${run.head_sha}/check-runs`,
      query: { filter: "latest", per_page: 100 },
      response: CheckRuns,
    },
    { kind: "link", params: ["page"], items: ({ check_runs }) => check_runs },
  );
  return judge(checks, items, unmet);
}

/** A branch of a fork may have any name, so its name says nothing. */
function wrongRef(run: Run, repository: string, refs: readonly string[]): string[] {
  const { head_branch: ref, head_repository: from } = run;
  if (from?.full_name.toLowerCase() !== repository.toLowerCase())
    return ["ref of another repository"];
  return ref !== null && refs.some((glob) => matches(glob, ref)) ? [] : [`ref ${ref ?? "none"}`];
}

function strangers({ actor, triggering_actor: again }: Run, actors: readonly string[]): string[] {
  const people = new Set([actor?.login ?? "none", again?.login ?? actor?.login ?? "none"]);
  return [...people].flatMap((login) => (actors.includes(login) ? [] : [`actor ${login}`]));
}

/** A check may have run several times under one name: none of them may have failed, and none may be under way. */
function judge(
  wanted: readonly string[],
  found: readonly { readonly name: string; readonly conclusion: string | null }[],
  unmet: readonly string[],
): { unmet: string[]; open: string[] } {
  const failed: string[] = [];
  const open: string[] = [];
  for (const name of wanted) {
    const ends = found.filter((one) => one.name === name).map(({ conclusion }) => conclusion);
    if (ends.some((end) => end !== null && !["success", "skipped", "neutral"].includes(end))) {
      failed.push(`check ${name}`);
    } else if (ends.length === 0 || ends.includes(null)) open.push(`check ${name}`);
  }
  return { unmet: [...unmet, ...failed], open };
}

/** Whether a ref fits a pattern. */
export function matches(glob: string, ref: string): boolean {
  const source = glob
    .split(/(\*+)/)
    .map((part) => {
      if (part.startsWith("*")) return part === "*" ? "[^/]*" : ".*";
      return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    })
    .join("");
  return new RegExp(`^${source}$`).test(ref);
}
