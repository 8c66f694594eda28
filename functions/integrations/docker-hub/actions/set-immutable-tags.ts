import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { partsOf, repository } from "../client.ts";

const Answer = z
  .object({
    immutable_tags_settings: z.object({ enabled: z.boolean(), rules: z.array(z.string()) }),
  })
  .transform(({ immutable_tags_settings: settings }) => settings);

export const setImmutableTags = defineAction({
  summary: "Choose which tags of a repository may not be moved once they are pushed",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/UpdateRepositoryImmutableTags/",
  scopes: ["repo:admin"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same settings are set again" },
  input: z.object({
    repository,
    enabled: z.boolean(),
    /** Regular expressions; `^` and `$` hold them to the whole of a tag. */
    rules: z.array(z.string().min(1).max(255)).max(50).default([]),
  }),
  output: z.object({ enabled: z.boolean(), rules: z.array(z.string()) }),
  run(api, { repository: full, enabled, rules }) {
    const [space, name] = partsOf(full);
    return api.request({
      method: "PATCH",
      path: path`/v2/namespaces/${space}/repositories/${name}/immutabletags`,
      json: { immutable_tags: enabled, immutable_tags_rules: rules },
      response: Answer,
    });
  },
});
