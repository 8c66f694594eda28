import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { partsOf, Repository, repository, RepositoryAnswer } from "../client.ts";

export const createRepository = defineAction({
  summary: "Create a repository",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/CreateRepository/",
  scopes: ["repo:admin"],
  effect: "write",
  idempotency: { kind: "none", why: "a second call is refused, because the name is taken" },
  input: z.object({
    repository,
    isPrivate: z.boolean(),
    /** https://docs.docker.com/reference/api/hub/latest/schemas/repo_creation_request/ */
    description: z.string().max(100).optional(),
    fullDescription: z.string().max(25_000).optional(),
  }),
  output: Repository,
  run(api, input) {
    const [space, name] = partsOf(input.repository);
    return api.request({
      method: "POST",
      path: path`/v2/namespaces/${space}/repositories`,
      json: {
        namespace: space,
        name,
        is_private: input.isPrivate,
        description: input.description,
        full_description: input.fullDescription,
      },
      response: RepositoryAnswer,
    });
  },
});
