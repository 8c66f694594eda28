import { defineAction } from "#shared/integration";
import * as z from "zod";
import { listOf, page, readPages } from "../client.ts";
import { Endpoint, EndpointAnswer } from "./get-endpoint.ts";

export const listEndpoints = defineAction({
  summary: "List the endpoints of the location",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/list",
  scopes: ["aiplatform.endpoints.list"],
  effect: "read",
  input: z.object(page),
  output: listOf(Endpoint),
  run: (api, input) => readPages(api, "endpoints", EndpointAnswer, input),
});
