import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import {
  deletedOnce,
  docsOf,
  inRegion,
  location,
  Operation,
  operation,
  revisionId,
  serviceId,
} from "../client.ts";

export const deleteRevision = defineAction({
  summary: "Delete a revision that has no traffic",
  docs: `${docsOf.services}.revisions/delete`,
  scopes: ["run.revisions.delete", "run.operations.get"],
  effect: "write",
  idempotency: deletedOnce,
  input: z.object({ service: serviceId, revision: revisionId, location }),
  output: Operation,
  run(api, { service, revision, location: asked }) {
    return api.request(
      operation("services", {
        method: "DELETE",
        path: path`${inRegion(api, asked)}/services/${service}/revisions/${revision}`,
      }),
    );
  },
});
