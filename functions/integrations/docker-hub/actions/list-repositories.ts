import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { from, listOf, namespace, readPages, Repository, RepositoryAnswer } from "../client.ts";

export const listRepositories = defineAction({
  summary: "List the repositories of a person or an organisation, by default the connection's own",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/listNamespaceRepositories/",
  scopes: ["repo:public_read", "repo:read"],
  effect: "read",
  input: z.object({ namespace: namespace.optional(), name: z.string().min(1).optional(), from }),
  output: listOf(Repository),
  run: (api, { namespace: space = api.config["username"] ?? "", name, from: start }) =>
    readPages(api, path`/v2/namespaces/${space}/repositories`, RepositoryAnswer, {
      from: start,
      query: name === undefined ? {} : { name },
    }),
});
