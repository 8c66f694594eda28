import * as z from "zod";

/** Progress as the pulse shows it, whatever GitHub calls it at that place. */
export const State = z.enum(["pending", "running", "success", "failure", "neutral"]);
export type State = z.infer<typeof State>;

/**
 * One thing an event says about a commit. Facts of the same `slot` are about the same thing (a deployment, an
 * attempt of a workflow run, a branch); of these a record keeps one, see `fold.ts`.
 */
export const Fact = z.object({
  slot: z.string(),
  kind: z.enum(["commit", "push", "tag", "pull", "build", "check", "deployment", "release"]),
  /** What people call it: the branch, the workflow, the environment, the tag. */
  name: z.string(),
  state: State,
  /** GitHub's own time of this state in epoch milliseconds; 0 where the event tells none. */
  atMs: z.int(),
  /** Orders facts of one slot within a second, GitHub's resolution: what comes later in its life is heavier. */
  weight: z.int(),
  url: z.string().optional(),
  /** A word for the state where the state alone says too little: `merged`, `prerelease`. */
  label: z.string().optional(),
  /** When the work began; for a commit, when it was committed. */
  startedAtMs: z.int().optional(),
  /** The branch a build ran for. */
  branch: z.string().optional(),
  author: z.string().optional(),
  /** Whether this is what "in production" means: a production deployment, a full release. */
  production: z.boolean().optional(),
});
export type Fact = z.infer<typeof Fact>;

/** What an event tells: facts about commits, and what binds a tag to its commit and its release. */
export type Told = {
  /** `owner/name`. */
  readonly repository: string;
  readonly facts: readonly { readonly commit: string; readonly fact: Fact }[];
  /** A tag that got a commit (from its push) or a release that knows only its tag. */
  readonly tag?: {
    readonly name: string;
    readonly target?: { readonly commit: string; readonly atMs: number };
    readonly release?: Fact;
  };
};

const MAX_TEXT = 200;

/** The first line of a text, shortened to what a chat line can carry. */
export function firstLine(text: string): string {
  const [line = ""] = text.split("\n", 1);
  const characters = Array.from(line.trim());
  return characters.length <= MAX_TEXT
    ? characters.join("")
    : `${characters.slice(0, MAX_TEXT - 1).join("")}…`;
}
