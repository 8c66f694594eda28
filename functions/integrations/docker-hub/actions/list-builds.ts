import { defineAction, list, path } from "#shared/integration";
import * as z from "zod";
import { Build, BuildAnswer } from "../build.ts";
import { from, listOf, repository } from "../client.ts";

const SIZE = 50;

export const listBuilds = defineAction({
  summary: "List the automated builds of a repository, the last first",
  docs: "https://docs.docker.com/docker-hub/repos/manage/builds/manage-builds/",
  scopes: ["repo:read"],
  effect: "read",
  input: z.object({ repository, from }),
  output: listOf(Build),
  async run(api, input) {
    const { items, next } = await list(
      api,
      {
        method: "GET",
        path: path`/api/audit/v1/action/`,
        query: {
          include_related: true,
          object: `/api/repo/v1/repository/${input.repository}/`,
          limit: SIZE,
        },
        response: z.object({ objects: z.array(BuildAnswer) }),
      },
      { kind: "offset", param: "offset", size: SIZE, items: (page) => page.objects },
      { from: input.from, enough: 500 },
    );
    return { items: [...items], next };
  },
});
