import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { partsOf, repository, tag } from "../client.ts";
import { Tag, TagAnswer } from "../tag.ts";

export const getTag = defineAction({
  summary: "Read a tag: its platforms, and when it was pushed and pulled",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/GetRepositoryTag/",
  scopes: ["repo:public_read", "repo:read"],
  effect: "read",
  input: z.object({ repository, tag }),
  output: Tag,
  run(api, input) {
    const [space, name] = partsOf(input.repository);
    return api.request({
      method: "GET",
      path: path`/v2/namespaces/${space}/repositories/${name}/tags/${input.tag}`,
      response: TagAnswer,
    });
  },
});
