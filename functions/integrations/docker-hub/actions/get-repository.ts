import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { partsOf, Repository, repository, RepositoryAnswer } from "../client.ts";

export const getRepository = defineAction({
  summary: "Read a repository",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/GetRepository/",
  scopes: ["repo:public_read", "repo:read"],
  effect: "read",
  input: z.object({ repository }),
  output: Repository,
  run(api, input) {
    const [space, name] = partsOf(input.repository);
    return api.request({
      method: "GET",
      path: path`/v2/namespaces/${space}/repositories/${name}`,
      response: RepositoryAnswer,
    });
  },
});
