import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { docsOf, inRegion, location, Operation, operation } from "../client.ts";
import { triggerId } from "./create-trigger.ts";

export const deleteTrigger = defineAction({
  summary: "Delete an event trigger; the service stays and is started by it no more",
  docs: `${docsOf.triggers}/delete`,
  scopes: ["eventarc.triggers.delete", "eventarc.operations.get"],
  effect: "write",
  idempotency: { kind: "natural", why: "one that is gone may be missing" },
  input: z.object({ id: triggerId, location }),
  output: Operation,
  run(api, { id, location: asked }) {
    return api.request(
      operation("triggers", {
        method: "DELETE",
        path: path`${inRegion(api, asked)}/triggers/${id}`,
        query: { allowMissing: true },
      }),
    );
  },
});
