import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { AccessToken, AccessTokenAnswer } from "../access-token.ts";
import { from, listOf, readPages } from "../client.ts";

export const listAccessTokens = defineAction({
  summary: "List the personal access tokens of the account, without the tokens themselves",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/getV2AccessTokens/",
  scopes: ["repo:admin"],
  effect: "read",
  input: z.object({ from }),
  output: listOf(AccessToken),
  run: (api, input) => readPages(api, path`/v2/access-tokens`, AccessTokenAnswer, input),
});
