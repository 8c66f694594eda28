import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { idToken } from "../client.ts";

export const startTotp = defineAction({
  summary: "Begin to enrol an authenticator app: the secret that the user scans",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v2/accounts.mfaEnrollment/start",
  scopes: ["the user's own ID token"],
  effect: "write",
  idempotency: { kind: "natural", why: "nothing is enrolled before `finish-totp`" },
  input: z.object({
    idToken,
    /** What the app shows: whose account, and where. */
    account: z.string().min(1).max(256),
    issuer: z.string().min(1).max(256),
  }),
  output: z.object({
    session: z.string(),
    secret: z.string(),
    /** For a QR code. */
    uri: z.string(),
    finishBy: z.string().nullable(),
  }),
  async run(api, { idToken: token, account, issuer }) {
    const { totpSessionInfo: started } = await api.request({
      method: "POST",
      path: path`/v2/accounts/mfaEnrollment:start`,
      json: { idToken: token, totpEnrollmentInfo: {} },
      response: z.object({
        totpSessionInfo: z.object({
          sessionInfo: z.string(),
          sharedSecretKey: z.string(),
          verificationCodeLength: z.int(),
          hashingAlgorithm: z.string(),
          periodSec: z.int(),
          finalizeEnrollmentTime: z.string().optional(),
        }),
      }),
    });
    // https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    const query = new URLSearchParams({
      secret: started.sharedSecretKey,
      issuer,
      algorithm: started.hashingAlgorithm,
      digits: String(started.verificationCodeLength),
      period: String(started.periodSec),
    });
    const label = [issuer, account].map(encodeURIComponent).join(":");
    return {
      session: started.sessionInfo,
      secret: started.sharedSecretKey,
      uri: `otpauth://totp/${label}?${query.toString().replaceAll("+", "%20")}`,
      finishBy: started.finalizeEnrollmentTime ?? null,
    };
  },
});
