import { path } from "#shared/integration";
import * as z from "zod";
import { Fn } from "./get-function.ts";
import { code } from "./update-code.ts";
import { configuration } from "./update-configuration.ts";
import { architecture, lambdaAction, uniqueName } from "../client.ts";

export const createFunction = lambdaAction("CreateFunction", {
  summary: "Create a function from a package or an image; it is ready when await-function says so",
  scopes: ["iam:PassRole", "lambda:GetLayerVersion"],
  effect: "write",
  idempotency: uniqueName,
  input: z
    .object({
      ...configuration,
      name: z.string().regex(/^[\w-]{1,64}$/),
      role: configuration.role.unwrap(),
      code,
      architecture: architecture.optional(),
      /** Also publishes the first version. */
      publish: z.boolean().optional(),
    })
    .refine((given) => "image" in given.code || (given.runtime && given.handler), {
      message: "a package needs a runtime and a handler",
      path: ["runtime"],
    }),
  output: Fn,
  call: (
    { name, code: given, architecture: one, publish, ...settings },
    { codeMembers, configurationMembers },
  ) => ({
    method: "POST",
    path: path`/2015-03-31/functions`,
    json: {
      FunctionName: name,
      PackageType: "image" in given ? "Image" : "Zip",
      Code: codeMembers(given),
      Architectures: one === undefined ? undefined : [one],
      Publish: publish,
      ...configurationMembers(settings),
    },
  }),
  answer: ({ FnAnswer }) => FnAnswer,
});
