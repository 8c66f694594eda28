import { defineAction } from "#shared/integration";
import * as z from "zod";
import { site } from "../../client.ts";
import { atHost, readScm } from "../../deployment.ts";
import { isFlex } from "../../resources.ts";

/** Flex Consumption answers with the id of the deployment, as JSON; the others with nothing to use. */
const Accepted = z.string().transform((text) => /^"?([\w-]{8,80})"?$/.exec(text.trim())?.[1]);

export const deployPackage = defineAction({
  summary: "Deploy a zip package to a function app or a slot of it",
  docs: "https://learn.microsoft.com/azure/azure-functions/deployment-zip-push",
  scopes: ["Microsoft.Web/sites/read", "Microsoft.Web/sites/publish/Action"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "a repeat is a deployment of its own and restarts the app again",
  },
  input: z.object({
    ...site,
    /** A zip with `host.json` at its top, up to 4 MB; larger ones go by deploy-from-url. */
    base64: z.base64().min(4).max(5_600_000),
    /** Install dependencies and compile on the vendor's side. Flex Consumption only; other plans go by their settings. */
    remoteBuild: z.boolean().default(false),
  }),
  /** What get-deployment asks for. */
  output: z.object({ deployment: z.string() }),
  async run(api, { base64, remoteBuild, ...at }) {
    const { scm, answer } = await readScm(api, at);
    const flex = isFlex(answer);
    const accepted = await api.request({
      method: "POST",
      ...atHost("scm", scm, flex ? "/api/publish" : "/api/zipdeploy"),
      query: flex ? { RemoteBuild: remoteBuild, Deployer: "auterity" } : { isAsync: true },
      body: { kind: "bytes", bytes: Buffer.from(base64, "base64"), type: "application/zip" },
      timeoutSeconds: 60,
      read: "text",
      response: Accepted,
    });
    return { deployment: accepted ?? "latest" };
  },
});
