import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { location, Operation, operationOf, placeOf, revisionId, serviceId } from "../client.ts";

export const deleteRevision = defineAction({
  summary: "Delete a revision that has no traffic",
  docs: "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.revisions/delete",
  scopes: ["run.revisions.delete", "run.operations.get"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone is not found, and stays gone" },
  input: z.object({ service: serviceId, revision: revisionId, location }),
  output: Operation,
  run(api, { service, revision, location: asked }) {
    const [project, region] = placeOf(api, asked);
    return api.request({
      method: "DELETE",
      host: "run",
      path: path`/projects/${project}/locations/${region}/services/${service}/revisions/${revision}`,
      response: operationOf("services"),
    });
  },
});
