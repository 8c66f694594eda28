import { path } from "#shared/integration";
import * as z from "zod";
import { layerName, layerVersion } from "./get-layer.ts";
import { gone, lambdaAction } from "../client.ts";

export const deleteLayer = lambdaAction("DeleteLayerVersion", {
  summary: "Delete a version of a layer; functions that have it keep it",
  ...gone,
  input: z.object({ layerName, version: layerVersion }),
  call: ({ layerName: name, version: number }) => ({
    method: "DELETE",
    path: path`/2018-10-31/layers/${name}/versions/${number}`,
  }),
});
