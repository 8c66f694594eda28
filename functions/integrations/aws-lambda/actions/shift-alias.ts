import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Alias } from "./get-alias.ts";
import { alias, functionName, lambdaDocs, revisionId, version } from "../client.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html */
export const shiftAlias = defineAction({
  summary: "Shift a part of an alias's invocations to a version: 0 takes it back, 1 gives it all",
  docs: lambdaDocs("UpdateAlias"),
  scopes: ["lambda:GetAlias", "lambda:UpdateAlias"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "weights are set and not added, for the revision that was read; what is already so stays",
  },
  input: z.object({
    functionName,
    alias,
    to: version,
    weight: z.number().min(0).max(1),
    /** Only if nobody has changed the alias since; what is read first when left out. */
    revisionId: revisionId.optional(),
  }),
  output: Alias,
  run: async (api, input) => (await import("../shift-routing.ts")).shiftRouting(api, input),
});
