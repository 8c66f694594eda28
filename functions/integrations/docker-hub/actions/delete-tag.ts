import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Deleted, partsOf, repository, tag } from "../client.ts";

export const deleteTag = defineAction({
  summary: "Delete a tag; the image stays, for `delete-image`",
  docs: "https://docs.docker.com/docker-hub/repos/manage/hub-images/tags/",
  scopes: ["repo:admin"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object({ repository, tag }),
  output: Deleted,
  async run(api, input) {
    const [space, name] = partsOf(input.repository);
    const { status } = await api.send({
      method: "DELETE",
      path: path`/v2/repositories/${space}/${name}/tags/${input.tag}/`,
      accept: [404],
      response: z.unknown(),
    });
    return { deleted: status !== 404 };
  },
});
