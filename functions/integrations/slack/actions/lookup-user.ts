import * as z from "zod";
import { slackMethod, User, UserAnswer } from "../client.ts";

export const lookupUser = slackMethod("users.lookupByEmail", {
  summary: "Find a person of the workspace by e-mail address",
  scopes: ["users:read.email"],
  effect: "read",
  input: z.object({ email: z.email() }),
  output: User,
  answer: z.object({ user: UserAnswer }).transform((given) => given.user),
});
