import { defineAction } from "#shared/integration";
import * as z from "zod";
import { rest } from "../../client.ts";
import { isPlace, name, notPlace, place, visibility } from "../../secrets/place.ts";

const input = z
  .object({
    ...place,
    name,
    /** At most 48 KB: https://docs.github.com/actions/reference/security/secrets#limits-for-secrets */
    value: z
      .string()
      .min(1)
      .max(48 * 1024),
    ...visibility,
  })
  .refine(isPlace, notPlace);

const output = z.object({ name: z.string(), created: z.boolean() });

export type PutSecretInput = z.output<typeof input>;
export type PutSecretOutput = z.input<typeof output>;

export const putSecret = defineAction({
  summary:
    "Set a secret of a repository, an environment or an organisation; it leaves here sealed for GitHub alone",
  docs: rest("actions/secrets#create-or-update-a-repository-secret"),
  scopes: ["secrets:write", "environments:write", "organization_secrets:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same name gets the same value" },
  input,
  output,
  run: async (api, given) => (await import("../../secrets/settings.ts")).putSecret(api, given),
});
