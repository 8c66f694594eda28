import { defineAction } from "#shared/integration";
import * as z from "zod";
import { remove } from "../../client.ts";
import { isPlace, name, notPlace, oneIn, place } from "../../secrets/place.ts";

export const deleteSecret = defineAction({
  summary: "Delete a secret of a repository, an environment or an organisation",
  docs: "https://docs.github.com/rest/actions/secrets#delete-a-repository-secret",
  scopes: ["secrets:write", "environments:write", "organization_secrets:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object({ ...place, name }).refine(isPlace, notPlace),
  output: z.object({ deleted: z.boolean() }),
  async run(api, { name: called, ...where }) {
    return { deleted: await remove(api, oneIn(where, "secrets", called)) };
  },
});
