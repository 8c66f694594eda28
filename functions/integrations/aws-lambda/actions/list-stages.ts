import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Stage, StageAnswer } from "./create-stage.ts";
import { from, gatewayDocs, id, listOf, readPages } from "../client.ts";

export const listStages = defineAction({
  summary: "List the stages of an HTTP API",
  docs: gatewayDocs("apis-apiid-stages"),
  scopes: ["apigateway:GET"],
  effect: "read",
  input: z.object({ apiId: id, from }),
  output: listOf(Stage),
  run: (api, { apiId, from: start }) =>
    readPages(
      api,
      { method: "GET", path: path`/v2/apis/${apiId}/stages`, query: { maxResults: 100 } },
      { kind: "gateway", member: "items", item: StageAnswer, from: start },
    ),
});
