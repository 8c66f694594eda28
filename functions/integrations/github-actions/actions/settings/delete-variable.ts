import { defineAction } from "#shared/integration";
import * as z from "zod";
import { rest } from "../../client.ts";
import { isPlace, name, notPlace, place } from "../../secrets/place.ts";

const input = z.object({ ...place, name }).refine(isPlace, notPlace);

const output = z.object({ deleted: z.boolean() });

export type DeleteVariableInput = z.output<typeof input>;
export type DeleteVariableOutput = z.input<typeof output>;

export const deleteVariable = defineAction({
  summary: "Delete a variable of a repository, an environment or an organisation",
  docs: rest("actions/variables#delete-a-repository-variable"),
  scopes: ["variables:write", "environments:write", "organization_variables:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input,
  output,
  run: async (api, given) => (await import("../../secrets/settings.ts")).deleteVariable(api, given),
});
