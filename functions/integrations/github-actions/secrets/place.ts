import * as z from "zod";

const owner = z.string().min(1).max(100);

/**
 * Where a secret or variable is kept: in an environment of a repository, in the repository, or, with no repository named,
 * in the organisation.
 */
export const place = {
  owner,
  repo: owner.optional(),
  environment: z.string().min(1).max(255).optional(),
};

export type Place = {
  readonly owner: string;
  readonly repo?: string | undefined;
  readonly environment?: string | undefined;
};

/** An environment belongs to a repository. */
export function isPlace({ repo, environment }: Place): boolean {
  return environment === undefined || repo !== undefined;
}

export const notPlace = { path: ["repo"], message: "name the environment's repository" };

/** https://docs.github.com/actions/reference/security/secrets#naming-your-secrets, which counts for variables, too. */
export const name = z
  .string()
  .max(255)
  .regex(/^(?!github_)[A-Za-z_][A-Za-z0-9_]*$/i);

/** Who may use what an organisation keeps; `private` stands for all private repositories. */
export const visibility = {
  visibility: z.enum(["all", "private", "selected"]).default("private"),
  /** Ids of repositories, for `selected`. */
  repositoryIds: z.array(z.int().positive()).max(100).optional(),
};
