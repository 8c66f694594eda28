import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { from, listOf, partsOf, readPages, repository } from "../client.ts";
import { Tag, TagAnswer } from "../tag.ts";

export const listTags = defineAction({
  summary: "List the tags of a repository, with the platforms of each",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/ListRepositoryTags/",
  scopes: ["repo:public_read", "repo:read"],
  effect: "read",
  input: z.object({ repository, from }),
  output: listOf(Tag),
  run(api, { repository: full, from: start }) {
    const [space, name] = partsOf(full);
    const tags = path`/v2/namespaces/${space}/repositories/${name}/tags`;
    return readPages(api, tags, TagAnswer, { from: start });
  },
});
