import { defineAction } from "#shared/integration";
import * as z from "zod";
import { viewer } from "../client.ts";
import { input, sessionCookies, Verdict, verifyToken } from "../tokens.ts";

export const verifyCookie = defineAction({
  summary: "Whether a session cookie is one of this project, and whose",
  docs: "https://firebase.google.com/docs/auth/admin/manage-cookies#verify_session_cookie_and_check_permissions",
  scopes: viewer,
  effect: "read",
  input: z.object({ cookie: z.string().min(1).max(8_192), ...input }),
  output: Verdict,
  run: (api, { cookie, checkRevoked }) => verifyToken(api, sessionCookies, cookie, checkRevoked),
});
