import { defineAction } from "#shared/integration";
import * as z from "zod";
import { idToken, viewer } from "../client.ts";
import { idTokens, input, Verdict, verifyToken as verify } from "../tokens.ts";

export const verifyToken = defineAction({
  summary: "Whether an ID token is one of this project, and whose",
  docs: "https://firebase.google.com/docs/auth/admin/verify-id-tokens",
  scopes: viewer,
  effect: "read",
  input: z.object({ idToken, ...input }),
  output: Verdict,
  run: (api, { idToken: token, checkRevoked }) => verify(api, idTokens, token, checkRevoked),
});
