import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { ApiAnswer, HttpApi } from "./create-api.ts";
import { from, gatewayDocs, listOf, readPages } from "../client.ts";

export const listApis = defineAction({
  summary: "List the HTTP and WebSocket APIs of the region",
  docs: gatewayDocs("apis"),
  scopes: ["apigateway:GET"],
  effect: "read",
  input: z.object({ from }),
  output: listOf(HttpApi),
  run: (api, input) =>
    readPages(
      api,
      { method: "GET", path: path`/v2/apis`, query: { maxResults: 100 } },
      { kind: "gateway", member: "items", item: ApiAnswer, from: input.from },
    ),
});
