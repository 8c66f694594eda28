import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { AccessToken, label, NewTokenAnswer } from "../access-token.ts";

export const createAccessToken = defineAction({
  summary: "Create a personal access token, which is shown once",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/postV2AccessTokens/",
  scopes: ["repo:admin"],
  effect: "write",
  idempotency: { kind: "none", why: "Docker Hub takes no key; a second call makes a second token" },
  input: z.object({
    label,
    scopes: z
      .array(z.enum(["repo:admin", "repo:write", "repo:read", "repo:public_read"]))
      .min(1)
      .max(4),
    /** It does not end where this is left out. */
    expiresAt: z.iso.datetime().optional(),
  }),
  output: AccessToken.extend({ token: z.string() }),
  run: (api, input) =>
    api.request({
      method: "POST",
      path: path`/v2/access-tokens`,
      json: { token_label: input.label, scopes: input.scopes, expires_at: input.expiresAt },
      response: NewTokenAnswer,
    }),
});
