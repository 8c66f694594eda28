import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import {
  deletedOnce,
  docsOf,
  inRegion,
  location,
  Operation,
  operation,
  serviceId,
} from "../client.ts";

export const deleteService = defineAction({
  summary: "Delete a service with all its revisions",
  docs: `${docsOf.services}/delete`,
  scopes: ["run.services.delete", "run.operations.get"],
  effect: "write",
  idempotency: deletedOnce,
  input: z.object({
    id: serviceId,
    location,
    /** As `get-service` gave it: nobody has changed the service since. */
    etag: z.string().min(1).max(200).optional(),
  }),
  output: Operation,
  run(api, { id, location: asked, etag }) {
    return api.request(
      operation("services", {
        method: "DELETE",
        path: path`${inRegion(api, asked)}/services/${id}`,
        query: { etag },
      }),
    );
  },
});
