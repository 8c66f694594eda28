import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Factor, factorOf, uid, viewer } from "../client.ts";
import { readFactors } from "../factors.ts";

export const listFactors = defineAction({
  summary: "List the second factors of a user",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/lookup",
  scopes: viewer,
  effect: "read",
  input: z.object({ uid }),
  output: z.object({ items: z.array(Factor) }),
  async run(api, { uid: who }) {
    const factors = await readFactors(api, who);
    return { items: factors.map(factorOf) };
  },
});
