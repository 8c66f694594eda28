import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { location, Operation, operationOf, placeOf, serviceId } from "../client.ts";

export const deleteService = defineAction({
  summary: "Delete a service with all its revisions",
  docs: "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/delete",
  scopes: ["run.services.delete", "run.operations.get"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone is not found, and stays gone" },
  input: z.object({
    id: serviceId,
    location,
    /** As `get-service` gave it: nobody has changed the service since. */
    etag: z.string().min(1).max(200).optional(),
  }),
  output: Operation,
  run(api, { id, location: asked, etag }) {
    const [project, region] = placeOf(api, asked);
    return api.request({
      method: "DELETE",
      host: "run",
      path: path`/projects/${project}/locations/${region}/services/${id}`,
      query: { etag },
      response: operationOf("services"),
    });
  },
});
