import { path } from "#shared/integration";
import * as z from "zod";
import { Stage } from "./create-stage.ts";
import { from, gatewayList, id } from "../client.ts";

export const listStages = gatewayList("apis-apiid-stages", {
  summary: "List the stages of an HTTP API",
  input: z.object({ apiId: id, from }),
  call: ({ apiId }) => ({
    method: "GET",
    path: path`/v2/apis/${apiId}/stages`,
    query: { maxResults: 100 },
  }),
  item: Stage,
  answer: ({ StageAnswer }) => StageAnswer,
});
