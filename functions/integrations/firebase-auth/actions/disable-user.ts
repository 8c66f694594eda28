import { defineAction } from "#shared/integration";
import * as z from "zod";
import { admin, changeUser, uid } from "../client.ts";

export const disableUser = defineAction({
  summary: "Keep a user from signing in, at once: the refresh tokens end as well",
  docs: "https://firebase.google.com/docs/auth/admin/manage-users#update_a_user",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "a disabled user is disabled" },
  input: z.object({ uid }),
  output: z.object({ uid: z.string() }),
  // What is disabled gets no new ID token; without `validSince` the tokens would be good again once it is enabled.
  run: (api, { uid: who }) =>
    changeUser(api, who, {
      disableUser: true,
      validSince: String(Math.floor(api.now() / 1_000)),
    }),
});
