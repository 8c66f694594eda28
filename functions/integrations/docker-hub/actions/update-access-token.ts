import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { AccessToken, AccessTokenAnswer, label, tokenId } from "../access-token.ts";

export const updateAccessToken = defineAction({
  summary: "Rename a personal access token, or switch it off and on",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/patchV2AccessTokensByUuid/",
  scopes: ["repo:admin"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same values are set again" },
  input: z.object({ id: tokenId, label: label.optional(), isActive: z.boolean().optional() }),
  output: AccessToken,
  run: (api, input) =>
    api.request({
      method: "PATCH",
      path: path`/v2/access-tokens/${input.id}`,
      json: { token_label: input.label, is_active: input.isActive },
      response: AccessTokenAnswer,
    }),
});
