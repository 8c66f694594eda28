import { defineAction } from "#shared/integration";
import * as z from "zod";
import { admin, changeUser, uid } from "../client.ts";

export const revokeSessions = defineAction({
  summary:
    "End all sessions of a user: refresh tokens at once, ID tokens and cookies where they are checked",
  docs: "https://firebase.google.com/docs/auth/admin/manage-sessions#revoke_refresh_tokens",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "a repeat ends what is ended" },
  input: z.object({ uid }),
  output: z.object({ uid: z.string(), tokensValidFrom: z.iso.datetime() }),
  async run(api, { uid: who }) {
    // Google counts whole seconds.
    const seconds = Math.floor(api.now() / 1_000);
    const changed = await changeUser(api, who, { validSince: String(seconds) });
    return { ...changed, tokensValidFrom: new Date(seconds * 1_000).toISOString() };
  },
});
