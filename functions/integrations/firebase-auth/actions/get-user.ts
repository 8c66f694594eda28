import { defineAction } from "#shared/integration";
import * as z from "zod";
import { by, findUser, User, userOf, viewer } from "../client.ts";

export const getUser = defineAction({
  summary: "A user by uid, email or phone number",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/lookup",
  scopes: viewer,
  effect: "read",
  input: by,
  output: z.object({ user: User.nullable() }),
  async run(api, who) {
    const found = await findUser(api, who);
    return { user: found === undefined ? null : userOf(found) };
  },
});
