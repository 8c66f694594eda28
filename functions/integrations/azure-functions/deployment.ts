import { Fault } from "#shared/errors";
import { type Api, type IssuedUrl, issuedUrl } from "#shared/integration";
import * as z from "zod";
import type { Site } from "./client.ts";
import { type AppAnswer, readApp } from "./resources.ts";

/**
 * An address at an app's own hosts, which the vendor names: `<app>.azurewebsites.net`, or with a region where the name is
 * unique (https://learn.microsoft.com/azure/app-service/reference-app-settings#unique-default-hostname).
 */
export function atHost(
  kind: "app" | "scm",
  hostName: string,
  rest: string,
): { readonly host: string; readonly path: IssuedUrl } {
  const labels = hostName.split(".").length - (kind === "scm" ? 1 : 0);
  const host = labels > 3 ? `${kind}-regional` : kind;
  return { host, path: issuedUrl(`https://${hostName.toLowerCase()}${rest}`) };
}

/** The app, and where it takes packages. Throws `failed_precondition` from `upstream` for an app without such a place. */
export async function readScm(
  api: Api,
  at: Site,
): Promise<{ readonly scm: string; readonly answer: z.output<typeof AppAnswer> }> {
  const answer = await readApp(api, at);
  const states = answer.properties.hostNameSslStates ?? [];
  const scm = states.find(({ hostType }) => hostType === "Repository")?.name;
  if (scm !== undefined) return { scm, answer };
  throw new Fault(
    "failed_precondition",
    "azure-functions.deploy: the app has no deployment site; use deploy-from-url",
    { origin: "upstream" },
  );
}

/** A deployment as it stands. */
export const Deployment = z.object({
  id: z.string(),
  state: z.enum(["pending", "building", "deploying", "succeeded", "failed"]),
  message: z.string().optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
});

/** https://github.com/projectkudu/kudu/wiki/REST-API#deployment */
const states = ["pending", "building", "deploying", "failed", "succeeded"] as const;

/** The state of a deployment by the vendor's number; what is not known is a kind of failure, such as a conflict. */
export function stateOf(status: number): z.infer<typeof Deployment>["state"] {
  return states[status] ?? "failed";
}
