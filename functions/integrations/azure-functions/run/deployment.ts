import { Fault } from "#shared/errors";
import { type Api, poll } from "#shared/integration";
import * as z from "zod";
import type { Package } from "../actions/apps/deploy-package.ts";
import type { Asked, Deployment } from "../actions/apps/get-deployment.ts";
import { type Site, Time } from "../client.ts";
import { atHost } from "../hosts.ts";
import { type AppAnswer, isFlex, readApp } from "../resources.ts";

/** Flex Consumption answers with the id of the deployment, as JSON; the others with nothing to use. */
const Accepted = z.string().transform((text) => /^"?([\w-]{8,80})"?$/.exec(text.trim())?.[1]);

/** Sends a package. Throws `failed_precondition` from `upstream` for an app that has no place to send it to. */
export async function deploy(api: Api, { base64, remoteBuild, ...at }: Package) {
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
}

const Answer = z.object({
  id: z.string(),
  status: z.int(),
  status_text: z.string().nullish(),
  complete: z.boolean().nullish(),
  start_time: Time.nullish(),
  end_time: Time.nullish(),
});

/** Waits for a deployment as long as there is time. */
export async function readDeployment(api: Api, { deployment, ...at }: Asked): Promise<Deployment> {
  const { scm } = await readScm(api, at);
  const { state: answer } = await poll(
    api,
    {
      method: "GET",
      ...atHost("scm", scm, `/api/deployments/${deployment}`),
      response: Answer,
    },
    { firstWaitMs: 2_000, done: ({ complete, status }) => complete === true || status > 2 },
  );
  return {
    id: answer.id,
    state: stateOf(answer.status),
    message: answer.status_text || undefined,
    startedAt: answer.start_time ?? undefined,
    endedAt: answer.end_time ?? undefined,
  };
}

/** The app, and where it takes packages. Throws `failed_precondition` from `upstream` for an app without such a place. */
async function readScm(
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

/** https://github.com/projectkudu/kudu/wiki/REST-API#deployment */
const states = ["pending", "building", "deploying", "failed", "succeeded"] as const;

/** The state of a deployment by the vendor's number; what is not known is a kind of failure, such as a conflict. */
export function stateOf(status: number): Deployment["state"] {
  return states[status] ?? "failed";
}
