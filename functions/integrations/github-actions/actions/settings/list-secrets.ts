import { defineAction } from "#shared/integration";
import * as z from "zod";
import { listPage, next, paging } from "../../client.ts";
import { allIn, isPlace, notPlace, place } from "../../secrets/place.ts";

const Secret = z.object({ name: z.string(), created_at: z.string(), updated_at: z.string() });

export const listSecrets = defineAction({
  summary: "List the names of secrets and when they were set; GitHub tells nobody their values",
  docs: "https://docs.github.com/rest/actions/secrets#list-repository-secrets",
  scopes: ["secrets:read", "environments:read", "organization_secrets:read"],
  effect: "read",
  input: z.object({ ...place, ...paging }).refine(isPlace, notPlace),
  output: z.object({
    secrets: z.array(z.object({ name: z.string(), createdAt: z.string(), updatedAt: z.string() })),
    next,
  }),
  async run(api, { perPage, from, ...where }) {
    const found = await listPage(api, {
      perPage,
      from,
      path: allIn(where, "secrets"),
      response: z.object({ secrets: z.array(Secret) }),
      items: ({ secrets }) => secrets,
    });
    const secrets = found.items.map(({ name, created_at, updated_at }) => {
      return { name, createdAt: created_at, updatedAt: updated_at };
    });
    return { secrets, next: found.next };
  },
});
