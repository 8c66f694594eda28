import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { model, Operation, OperationAnswer } from "../client.ts";

export const deleteModel = defineAction({
  summary: "Delete a model with all versions, none of which may be deployed",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/delete",
  scopes: ["aiplatform.models.delete"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone; a repeat says not_found" },
  input: z.object({ model }),
  output: Operation,
  run: (api, input) =>
    api.request({
      method: "DELETE",
      path: path`/models/${input.model}`,
      response: OperationAnswer,
    }),
});
