import { Fault } from "#shared/errors";
import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { functionId, location, Operation, operationOf, placeOf } from "../client.ts";
import { functionOf, settings } from "./create-function.ts";

export const updateFunction = defineAction({
  summary: "Change a function: its source, settings or event trigger; what is left out stays",
  docs: "https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions/patch",
  scopes: [
    "cloudfunctions.functions.update",
    "cloudfunctions.operations.get",
    "iam.serviceAccounts.actAs",
  ],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "the fields are set to what they are told; a repeat while that is under way is refused",
  },
  input: z.object({ id: functionId, location, ...settings }),
  output: Operation,
  run(api, { id, location: asked, ...given }) {
    const [project, region] = placeOf(api, asked);
    const { body, mask } = functionOf(project, given);
    if (mask.length === 0) {
      const message = "cloud-functions.update: nothing is to be changed; give at least one setting";
      throw new Fault("invalid_argument", message, { origin: "caller" });
    }
    return api.request({
      method: "PATCH",
      path: path`/projects/${project}/locations/${region}/functions/${id}`,
      query: { updateMask: mask.join() },
      json: body,
      response: operationOf("functions"),
    });
  },
});
