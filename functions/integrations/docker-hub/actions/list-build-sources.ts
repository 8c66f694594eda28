import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository } from "../client.ts";

const Source = z.object({
  id: z.string(),
  provider: z.string().nullable(),
  /** The source code's repository. */
  source: z.string().nullable(),
  /** Of the last build. */
  state: z.string().nullable(),
});

const SourceAnswer = z
  .object({
    uuid: z.string(),
    provider: z.string().nullish(),
    repository: z.string().nullish(),
    state: z.string().nullish(),
  })
  .transform((given) => ({
    id: given.uuid,
    provider: given.provider ?? null,
    source: given.repository ?? null,
    state: given.state ?? null,
  }));

export const listBuildSources = defineAction({
  summary: "Read from where the automated builds of a repository are made, if it has any",
  docs: "https://docs.docker.com/docker-hub/repos/manage/builds/setup/",
  scopes: ["repo:read"],
  effect: "read",
  input: z.object({ repository }),
  output: z.object({ items: z.array(Source) }),
  run: (api, input) =>
    api.request({
      method: "GET",
      path: path`/api/build/v1/source/`,
      query: { image: input.repository },
      response: z
        .object({ objects: z.array(SourceAnswer) })
        .transform(({ objects }) => ({ items: objects })),
    }),
});
