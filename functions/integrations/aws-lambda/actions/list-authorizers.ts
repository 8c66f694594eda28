import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Authorizer, AuthorizerAnswer } from "./create-authorizer.ts";
import { from, gatewayDocs, id, listOf, readPages } from "../client.ts";

export const listAuthorizers = defineAction({
  summary: "List the authorizers of an HTTP API",
  docs: gatewayDocs("apis-apiid-authorizers"),
  scopes: ["apigateway:GET"],
  effect: "read",
  input: z.object({ apiId: id, from }),
  output: listOf(Authorizer),
  run: (api, { apiId, from: start }) =>
    readPages(
      api,
      { method: "GET", path: path`/v2/apis/${apiId}/authorizers`, query: { maxResults: 100 } },
      { kind: "gateway", member: "items", item: AuthorizerAnswer, from: start },
    ),
});
