import { defineAction } from "#shared/integration";
import * as z from "zod";
import { rest } from "../../client.ts";
import { isPlace, name, notPlace, place, visibility } from "../../secrets/place.ts";

const input = z
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
  .refine(isPlace, notPlace);

const output = z.object({ name: z.string(), created: z.boolean() });

export type PutVariableInput = z.output<typeof input>;
export type PutVariableOutput = z.input<typeof output>;

export const putVariable = defineAction({
  summary: "Set a variable of a repository, an environment or an organisation",
  docs: rest("actions/variables#update-a-repository-variable"),
  scopes: ["variables:write", "environments:write", "organization_variables:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same name gets the same value" },
  input,
  output,
  run: async (api, given) => (await import("../../secrets/settings.ts")).putVariable(api, given),
});
