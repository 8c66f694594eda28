import { defineAction, path } from "#shared/integration";
import * as z from "zod";

export const lookupUser = defineAction({
  summary: "Find a person of the workspace by e-mail address",
  docs: "https://docs.slack.dev/reference/methods/users.lookupByEmail",
  scopes: ["users:read.email"],
  effect: "read",
  input: z.object({ email: z.email() }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    realName: z.string().nullable(),
    timeZone: z.string().nullable(),
  }),
  async run(api, { email }) {
    const { user } = await api.request({
      method: "GET",
      path: path`/users.lookupByEmail`,
      query: { email },
      response: z.object({
        user: z.object({
          id: z.string(),
          name: z.string(),
          real_name: z.string().nullish(),
          tz: z.string().nullish(),
        }),
      }),
    });
    return {
      id: user.id,
      name: user.name,
      realName: user.real_name ?? null,
      timeZone: user.tz ?? null,
    };
  },
});
