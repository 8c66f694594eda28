import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { site, sitePath } from "../../client.ts";
import { change, Operation } from "../../operation.ts";

export const deployFromUrl = defineAction({
  summary: "Have a function app fetch a zip package of any size from an address and deploy it",
  docs: "https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code#deployment-package",
  scopes: ["Microsoft.Web/sites/extensions/write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "a repeat is a deployment of its own and restarts the app again",
  },
  input: z.object({
    ...site,
    /** Readable by who has the address, such as a blob with a shared access signature. */
    packageUrl: z.url({ protocol: /^https$/ }).max(2_048),
    /** Install dependencies and compile on the vendor's side; for Flex Consumption. */
    remoteBuild: z.boolean().default(false),
  }),
  output: Operation,
  run: (api, { packageUrl, remoteBuild, ...at }) =>
    change(api, {
      method: "PUT",
      path: sitePath(api, at, path`/extensions/onedeploy`),
      json: { properties: { packageUri: packageUrl, type: "zip", remoteBuild } },
      timeoutSeconds: 60,
    }),
});
