import { path } from "#shared/integration";
import * as z from "zod";
import { lambdaAction } from "../client.ts";

export const layerName = z.string().regex(/^[\w-]{1,140}$/);
export const layerVersion = z.int().min(1);

/** A version of a layer; functions name it by its `arn`. */
export const Layer = z.object({
  arn: z.string(),
  version: z.number(),
  description: z.string(),
  runtimes: z.array(z.string()),
  architectures: z.array(z.string()),
  createdAt: z.string(),
});

export const getLayer = lambdaAction("GetLayerVersion", {
  summary: "Read a version of a layer",
  effect: "read",
  input: z.object({ layerName, version: layerVersion }),
  output: Layer,
  call: ({ layerName: name, version: number }) => ({
    method: "GET",
    path: path`/2018-10-31/layers/${name}/versions/${number}`,
  }),
  answer: ({ LayerAnswer }) => LayerAnswer,
});
