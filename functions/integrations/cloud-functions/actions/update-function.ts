import { Fault } from "#shared/errors";
import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { docsOf, functionId, inRegion, location, Operation, operation } from "../client.ts";
import { functionOf, settings } from "./create-function.ts";

export const updateFunction = defineAction({
  summary: "Change a function: its source, settings or event trigger; what is left out stays",
  docs: `${docsOf.functions}/patch`,
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
    const { body, mask } = functionOf(api, given);
    if (mask.length === 0) {
      const message = "cloud-functions.update: nothing is to be changed; give at least one setting";
      throw new Fault("invalid_argument", message, { origin: "caller" });
    }
    return api.request(
      operation("functions", {
        method: "PATCH",
        path: path`${inRegion(api, asked)}/functions/${id}`,
        query: { updateMask: mask.join() },
        json: body,
      }),
    );
  },
});
