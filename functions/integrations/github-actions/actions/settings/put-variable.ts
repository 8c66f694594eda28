import { defineAction } from "#shared/integration";
import * as z from "zod";
import {
  allIn,
  isPlace,
  name,
  notPlace,
  oneIn,
  place,
  seenBy,
  visibility,
} from "../../secrets/place.ts";

export const putVariable = defineAction({
  summary: "Set a variable of a repository, an environment or an organisation",
  docs: "https://docs.github.com/rest/actions/variables#update-a-repository-variable",
  scopes: ["variables:write", "environments:write", "organization_variables:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same name gets the same value" },
  input: z
    .object({
      ...place,
      name,
      /** At most 48 KB: https://docs.github.com/actions/reference/workflows-and-actions/variables */
      value: z
        .string()
        .min(1)
        .max(48 * 1024),
      ...visibility,
    })
    .refine(isPlace, notPlace),
  output: z.object({ name: z.string(), created: z.boolean() }),
  async run(api, { name: called, value, visibility: seen, repositoryIds, ...where }) {
    const json = { name: called, value, ...seenBy(where, { visibility: seen, repositoryIds }) };
    const { status } = await api.send({
      method: "PATCH",
      path: oneIn(where, "variables", called),
      json,
      accept: [404],
      response: z.unknown(),
    });
    if (status !== 404) return { name: called, created: false };
    await api.request({
      method: "POST",
      path: allIn(where, "variables"),
      json,
      response: z.unknown(),
    });
    return { name: called, created: true };
  },
});
