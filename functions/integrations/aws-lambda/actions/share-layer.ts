import { path } from "#shared/integration";
import * as z from "zod";
import { statementId } from "./add-permission.ts";
import { layerName, layerVersion } from "./get-layer.ts";
import { lambdaAction, uniqueName } from "../client.ts";

export const shareLayer = lambdaAction("AddLayerVersionPermission", {
  summary: "Let another account, an organization or everybody use a version of a layer",
  effect: "write",
  idempotency: uniqueName,
  input: z.object({
    layerName,
    version: layerVersion,
    statementId,
    /** An account, or `*` for everybody. */
    principal: z.string().regex(/^(?:\d{12}|\*)$/),
    organizationId: z
      .string()
      .regex(/^o-[a-z0-9]{10,32}$/)
      .optional(),
  }),
  output: z.object({ revisionId: z.string() }),
  call: ({ layerName: name, version: number, ...given }, { pascal }) => ({
    method: "POST",
    path: path`/2018-10-31/layers/${name}/versions/${number}/policy`,
    json: { ...pascal(given), Action: "lambda:GetLayerVersion" },
  }),
  answer: () =>
    z.object({ RevisionId: z.string() }).transform((given) => ({ revisionId: given.RevisionId })),
});
