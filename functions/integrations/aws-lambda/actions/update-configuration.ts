import { path } from "#shared/integration";
import * as z from "zod";
import {
  configuration,
  configurationMembers,
  Fn,
  FnAnswer,
  functionName,
  lambdaAction,
  revisionId,
} from "../client.ts";

export const updateConfiguration = lambdaAction("UpdateFunctionConfiguration", {
  summary: "Change settings of a function; what is given replaces what was, environment as a whole",
  scopes: ["iam:PassRole", "lambda:GetLayerVersion"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same settings twice are the same settings" },
  input: z.object({
    functionName,
    ...configuration,
    /** Only if nobody has changed the function since. */
    revisionId: revisionId.optional(),
  }),
  output: Fn,
  call: ({ functionName: name, revisionId: revision, ...settings }) => ({
    method: "PUT",
    path: path`/2015-03-31/functions/${name}/configuration`,
    json: { ...configurationMembers(settings), RevisionId: revision },
  }),
  answer: FnAnswer,
});
