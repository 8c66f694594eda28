import { path } from "#shared/integration";
import * as z from "zod";
import { HttpApi } from "./create-api.ts";
import { from, gatewayList } from "../client.ts";

export const listApis = gatewayList("apis", {
  summary: "List the HTTP and WebSocket APIs of the region",
  input: z.object({ from }),
  call: () => ({ method: "GET", path: path`/v2/apis`, query: { maxResults: 100 } }),
  item: HttpApi,
  answer: ({ ApiAnswer }) => ApiAnswer,
});
