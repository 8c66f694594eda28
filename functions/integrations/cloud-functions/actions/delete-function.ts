import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { functionId, location, Operation, operationOf, placeOf } from "../client.ts";

export const deleteFunction = defineAction({
  summary: "Delete a function, its service and its event trigger",
  docs: "https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions/delete",
  scopes: ["cloudfunctions.functions.delete", "cloudfunctions.operations.get"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone is not found, and stays gone" },
  input: z.object({ id: functionId, location }),
  output: Operation,
  run(api, { id, location: asked }) {
    const [project, region] = placeOf(api, asked);
    return api.request({
      method: "DELETE",
      path: path`/projects/${project}/locations/${region}/functions/${id}`,
      response: operationOf("functions"),
    });
  },
});
