import { path } from "#shared/integration";
import * as z from "zod";
import { Authorizer } from "./create-authorizer.ts";
import { from, gatewayList, id } from "../client.ts";

export const listAuthorizers = gatewayList("apis-apiid-authorizers", {
  summary: "List the authorizers of an HTTP API",
  input: z.object({ apiId: id, from }),
  call: ({ apiId }) => ({
    method: "GET",
    path: path`/v2/apis/${apiId}/authorizers`,
    query: { maxResults: 100 },
  }),
  item: Authorizer,
  answer: ({ AuthorizerAnswer }) => AuthorizerAnswer,
});
