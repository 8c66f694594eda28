import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { rest } from "../../client.ts";

export const getRateLimit = defineAction({
  summary: "How many requests the token has left; works for every kind of token and costs nothing",
  docs: rest("rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user"),
  scopes: [],
  effect: "read",
  input: z.object({}),
  output: z.object({ limit: z.int(), remaining: z.int(), resetsAtSeconds: z.int() }),
  async run(api) {
    const { resources } = await api.request({
      method: "GET",
      path: path`/rate_limit`,
      response: z.object({
        resources: z.object({
          core: z.object({ limit: z.int(), remaining: z.int(), reset: z.int() }),
        }),
      }),
    });
    const { limit, remaining, reset } = resources.core;
    return { limit, remaining, resetsAtSeconds: reset };
  },
});
