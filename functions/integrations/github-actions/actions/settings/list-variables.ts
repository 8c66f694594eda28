import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, rest } from "../../client.ts";
import { isPlace, notPlace, place } from "../../secrets/place.ts";

const input = z.object({ ...place, ...paging }).refine(isPlace, notPlace);

const output = z.object({
  variables: z.array(z.object({ name: z.string(), value: z.string(), updatedAt: z.string() })),
  next,
});

export type ListVariablesInput = z.output<typeof input>;
export type ListVariablesOutput = z.input<typeof output>;

export const listVariables = defineAction({
  summary: "List the variables of a repository, an environment or an organisation",
  docs: rest("actions/variables#list-repository-variables"),
  scopes: ["variables:read", "environments:read", "organization_variables:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../secrets/settings.ts")).listVariables(api, given),
});
