import { defineAction } from "#shared/integration";
import * as z from "zod";
import { rest } from "../../client.ts";
import { isPlace, name, notPlace, place } from "../../secrets/place.ts";

const input = z.object({ ...place, name }).refine(isPlace, notPlace);

const output = z.object({ deleted: z.boolean() });

export type DeleteSecretInput = z.output<typeof input>;
export type DeleteSecretOutput = z.input<typeof output>;

export const deleteSecret = defineAction({
  summary: "Delete a secret of a repository, an environment or an organisation",
  docs: rest("actions/secrets#delete-a-repository-secret"),
  scopes: ["secrets:write", "environments:write", "organization_secrets:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input,
  output,
  run: async (api, given) => (await import("../../secrets/settings.ts")).deleteSecret(api, given),
});
