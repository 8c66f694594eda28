import { defineAction } from "#shared/integration";
import * as z from "zod";
import { listPage, next, paging } from "../../client.ts";
import { allIn, isPlace, notPlace, place } from "../../secrets/place.ts";

const Variable = z.object({ name: z.string(), value: z.string(), updated_at: z.string() });

export const listVariables = defineAction({
  summary: "List the variables of a repository, an environment or an organisation",
  docs: "https://docs.github.com/rest/actions/variables#list-repository-variables",
  scopes: ["variables:read", "environments:read", "organization_variables:read"],
  effect: "read",
  input: z.object({ ...place, ...paging }).refine(isPlace, notPlace),
  output: z.object({
    variables: z.array(z.object({ name: z.string(), value: z.string(), updatedAt: z.string() })),
    next,
  }),
  async run(api, { perPage, from, ...where }) {
    const found = await listPage(api, {
      perPage: Math.min(perPage, 30),
      from,
      path: allIn(where, "variables"),
      response: z.object({ variables: z.array(Variable) }),
      items: ({ variables }) => variables,
    });
    const variables = found.items.map(({ name, value, updated_at }) => {
      return { name, value, updatedAt: updated_at };
    });
    return { variables, next: found.next };
  },
});
