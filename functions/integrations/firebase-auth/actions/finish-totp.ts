import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { idToken } from "../client.ts";

export const finishTotp = defineAction({
  summary: "Enrol the authenticator app whose code the user entered",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v2/accounts.mfaEnrollment/finalize",
  scopes: ["the user's own ID token"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Google takes a code once; a repeat is refused, and hides whether the first was not",
  },
  input: z.object({
    idToken,
    session: z.string().min(1),
    code: z.string().regex(/^\d{6,8}$/),
    name: z.string().min(1).max(256).optional(),
  }),
  /** Tokens that know of the new factor. */
  output: z.object({ idToken: z.string(), refreshToken: z.string() }),
  run: (api, { idToken: token, session, code, name }) =>
    api.request({
      method: "POST",
      path: path`/v2/accounts/mfaEnrollment:finalize`,
      json: {
        idToken: token,
        displayName: name,
        totpVerificationInfo: { sessionInfo: session, verificationCode: code },
      },
      response: z.object({ idToken: z.string(), refreshToken: z.string() }),
    }),
});
