import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Layer, layerName } from "./get-layer.ts";
import { from, lambdaDocs, listOf, runtime } from "../client.ts";

const Named = z.object({ name: z.string(), latest: Layer });

export const listLayers = defineAction({
  summary: "List layers, each with its latest version, or all versions of one",
  docs: lambdaDocs("ListLayers"),
  scopes: ["lambda:ListLayers", "lambda:ListLayerVersions"],
  effect: "read",
  input: z.object({ layerName: layerName.optional(), runtime: runtime.optional(), from }),
  output: listOf(Named),
  async run(api, { layerName: name, runtime: CompatibleRuntime, from: start }) {
    const [{ LayerAnswer }, { lambdaPages }] = await Promise.all([
      import("../lambda-wire.ts"),
      import("../read-pages.ts"),
    ]);
    const query = { CompatibleRuntime, MaxItems: 50 };
    if (name === undefined) {
      const item = z
        .object({ LayerName: z.string(), LatestMatchingVersion: LayerAnswer })
        .transform((given) => ({ name: given.LayerName, latest: given.LatestMatchingVersion }));
      const all = { method: "GET", path: path`/2018-10-31/layers`, query } as const;
      return lambdaPages(api, all, "Layers", item, start);
    }
    const item = LayerAnswer.transform((latest) => ({ name, latest }));
    const one = { method: "GET", path: path`/2018-10-31/layers/${name}/versions`, query } as const;
    return lambdaPages(api, one, "LayerVersions", item, start);
  },
});
