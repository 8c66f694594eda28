import { defineAction } from "#shared/integration";
import * as z from "zod";
import { follow, Operation } from "../../operation.ts";

/** The address of an operation that an action gave out, and of nothing else that the credential could read. */
const operation = z
  .string()
  .max(2_048)
  .regex(
    /^https:\/\/management\.azure\.com\/subscriptions\/(?:(?!\.{1,2}\/)[\w().-]+\/)+operation(?:s|results|statuses|status)\/[\w-]+(?:\?[\w=&.%-]*)?$/i,
  );

export const getOperation = defineAction({
  summary: "Wait for a change that was still going on when its action answered",
  docs: "https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations",
  scopes: ["Microsoft.Web/locations/operationResults/read"],
  effect: "read",
  input: z.object({ operation }),
  output: Operation,
  run: (api, { operation: url }) => follow(api, url),
});
