import { defineAction } from "#shared/integration";
import * as z from "zod";
import { admin } from "../client.ts";
import { changeProject, Project } from "../project.ts";

export const setMfa = defineAction({
  summary: "Say whether users may, or must, have a second factor, and of which kinds",
  docs: "https://cloud.google.com/identity-platform/docs/web/totp-mfa",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "the settings are replaced as a whole" },
  input: z.object({
    state: z.enum(["DISABLED", "ENABLED", "MANDATORY"]),
    sms: z.boolean(),
    totp: z.boolean(),
    /** How many steps of 30 seconds a code may be early or late. */
    adjacentIntervals: z.int().min(0).max(10).default(5),
  }),
  output: Project,
  run: (api, { state, sms, totp, adjacentIntervals }) =>
    changeProject(api, ["mfa"], {
      mfa: {
        state,
        enabledProviders: sms ? ["PHONE_SMS"] : [],
        providerConfigs: [
          { state: totp ? "ENABLED" : "DISABLED", totpProviderConfig: { adjacentIntervals } },
        ],
      },
    }),
});
