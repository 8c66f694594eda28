import { defineAction, path } from "#shared/integration";
import * as z from "zod";

export const authTest = defineAction({
  summary: "The workspace and the user that the token belongs to",
  docs: "https://docs.slack.dev/reference/methods/auth.test",
  scopes: [],
  effect: "read",
  input: z.object({}),
  output: z.object({ team: z.string(), teamId: z.string(), user: z.string(), userId: z.string() }),
  async run(api) {
    const found = await api.request({
      method: "GET",
      path: path`/auth.test`,
      response: z.object({
        team: z.string(),
        team_id: z.string(),
        user: z.string().nullish(),
        user_id: z.string(),
      }),
    });
    const { team, team_id: teamId, user, user_id: userId } = found;
    return { team, teamId, user: user ?? userId, userId };
  },
});
