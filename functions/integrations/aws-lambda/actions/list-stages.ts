import { path } from "#shared/integration";
import * as z from "zod";
import { Stage } from "./create-stage.ts";
import { id } from "../client.ts";
import { from, gatewayList } from "../pages.ts";

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
