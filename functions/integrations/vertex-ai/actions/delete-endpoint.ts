import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, Operation, OperationAnswer } from "../client.ts";

export const deleteEndpoint = defineAction({
  summary: "Delete an endpoint from which all models are undeployed",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/delete",
  scopes: ["aiplatform.endpoints.delete"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone; a repeat says not_found" },
  input: z.object({ endpoint: id }),
  output: Operation,
  run: (api, { endpoint }) =>
    api.request({
      method: "DELETE",
      path: path`/endpoints/${endpoint}`,
      response: OperationAnswer,
    }),
});
