import { defineAction } from "#shared/integration";
import * as z from "zod";
import { from, listOf, readPages, User, UserAnswer } from "../client.ts";

export const listUsers = defineAction({
  summary: "List the people and bots of the workspace",
  docs: "https://docs.slack.dev/reference/methods/users.list",
  scopes: ["users:read"],
  effect: "read",
  input: z.object({ from }),
  output: listOf(User),
  run: (api, input) =>
    readPages(api, "users.list", { query: {}, member: "members", item: UserAnswer, ...input }),
});
