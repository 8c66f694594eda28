import { defineAction } from "#shared/integration";
import * as z from "zod";
import { admin, changeUser, claims, uid } from "../client.ts";

export const setClaims = defineAction({
  summary: "Replace the custom claims that a user's tokens carry, from the next token on",
  docs: "https://firebase.google.com/docs/auth/admin/custom-claims",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "the claims are replaced as a whole" },
  input: z.object({ uid, claims }),
  output: z.object({ uid: z.string() }),
  run: (api, { uid: who, claims: given }) =>
    changeUser(api, who, { customAttributes: JSON.stringify(given) }),
});
