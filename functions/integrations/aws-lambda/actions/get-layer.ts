import { path } from "#shared/integration";
import * as z from "zod";
import { lambdaAction, time } from "../client.ts";

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

export const LayerAnswer = z
  .object({
    LayerVersionArn: z.string(),
    Version: z.number(),
    Description: z.string().nullish(),
    CompatibleRuntimes: z.array(z.string()).nullish(),
    CompatibleArchitectures: z.array(z.string()).nullish(),
    CreatedDate: time,
  })
  .transform((given) => ({
    arn: given.LayerVersionArn,
    version: given.Version,
    description: given.Description ?? "",
    runtimes: given.CompatibleRuntimes ?? [],
    architectures: given.CompatibleArchitectures ?? [],
    createdAt: given.CreatedDate,
  }));

export const getLayer = lambdaAction("GetLayerVersion", {
  summary: "Read a version of a layer",
  effect: "read",
  input: z.object({ layerName, version: layerVersion }),
  output: Layer,
  call: ({ layerName: name, version: number }) => ({
    method: "GET",
    path: path`/2018-10-31/layers/${name}/versions/${number}`,
  }),
  answer: LayerAnswer,
});
