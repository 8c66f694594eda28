import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, rest } from "../../client.ts";
import { isPlace, notPlace, place } from "../../secrets/place.ts";

const input = z.object({ ...place, ...paging }).refine(isPlace, notPlace);

const output = z.object({
  secrets: z.array(z.object({ name: z.string(), createdAt: z.string(), updatedAt: z.string() })),
  next,
});

export type ListSecretsInput = z.output<typeof input>;
export type ListSecretsOutput = z.input<typeof output>;

export const listSecrets = defineAction({
  summary: "List the names of secrets and when they were set; GitHub tells nobody their values",
  docs: rest("actions/secrets#list-repository-secrets"),
  scopes: ["secrets:read", "environments:read", "organization_secrets:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../secrets/settings.ts")).listSecrets(api, given),
});
