import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import {
  deletedOnce,
  docsOf,
  functionId,
  inRegion,
  location,
  Operation,
  operation,
} from "../client.ts";

export const deleteFunction = defineAction({
  summary: "Delete a function, its service and its event trigger",
  docs: `${docsOf.functions}/delete`,
  scopes: ["cloudfunctions.functions.delete", "cloudfunctions.operations.get"],
  effect: "write",
  idempotency: deletedOnce,
  input: z.object({ id: functionId, location }),
  output: Operation,
  run(api, { id, location: asked }) {
    return api.request(
      operation("functions", {
        method: "DELETE",
        path: path`${inRegion(api, asked)}/functions/${id}`,
      }),
    );
  },
});
