import { path } from "#shared/integration";
import * as z from "zod";
import { Layer, layerName } from "./get-layer.ts";
import { archive } from "./update-code.ts";
import { architecture, description, lambdaAction, runtime } from "../client.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html; a custom runtime is one with a `bootstrap` at its top. */
export const publishLayer = lambdaAction("PublishLayerVersion", {
  summary: "Publish a version of a layer: libraries, or a custom runtime",
  effect: "write",
  idempotency: { kind: "none", why: "Lambda takes no key; a repeat publishes one version more" },
  input: z.object({
    layerName,
    archive,
    description: description.optional(),
    runtimes: z.array(runtime).max(15).optional(),
    architectures: z.array(architecture).max(2).optional(),
    license: z.string().max(512).optional(),
  }),
  output: Layer,
  call: ({ layerName: name, archive: given, ...rest }, { codeMembers }) => ({
    method: "POST",
    path: path`/2018-10-31/layers/${name}/versions`,
    json: {
      Content: codeMembers(given),
      Description: rest.description,
      CompatibleRuntimes: rest.runtimes,
      CompatibleArchitectures: rest.architectures,
      LicenseInfo: rest.license,
    },
  }),
  answer: ({ LayerAnswer }) => LayerAnswer,
});
