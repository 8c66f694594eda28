import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { location, Operation, operationOf, placeOf } from "../client.ts";
import { triggerId } from "./create-trigger.ts";

export const deleteTrigger = defineAction({
  summary: "Delete an event trigger; the service stays and is started by it no more",
  docs: "https://cloud.google.com/eventarc/docs/reference/rest/v1/projects.locations.triggers/delete",
  scopes: ["eventarc.triggers.delete", "eventarc.operations.get"],
  effect: "write",
  idempotency: { kind: "natural", why: "one that is gone may be missing" },
  input: z.object({ id: triggerId, location }),
  output: Operation,
  run(api, { id, location: asked }) {
    const [project, region] = placeOf(api, asked);
    return api.request({
      method: "DELETE",
      host: "eventarc",
      path: path`/projects/${project}/locations/${region}/triggers/${id}`,
      query: { allowMissing: true },
      response: operationOf("triggers"),
    });
  },
});
