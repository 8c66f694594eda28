import { createHash } from "node:crypto";
import { Fault } from "#shared/errors";
import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type { access } from "./actions/create-route.ts";
import { accessMembers, IntegrationId, integrationMembers, RouteAnswer } from "./gateway-wire.ts";
import { gatewayPages } from "./read-pages.ts";

const Existing = z.object({
  integrationId: z.string(),
  integrationType: z.string().nullish(),
  integrationUri: z.string().nullish(),
});

/** Permission first, then the integration if there is none, then the route: whatever is there already is used. */
export async function leadRoute(
  api: Api,
  {
    apiId,
    routeKey: key,
    functionArn,
    access: who,
  }: {
    readonly apiId: string;
    readonly routeKey: string;
    readonly functionArn: string;
    readonly access?: z.infer<typeof access> | undefined;
  },
): Promise<z.infer<typeof RouteAnswer>> {
  await permit(api, apiId, key, functionArn);
  const integrationId =
    (await find(api, apiId, functionArn)) ?? (await make(api, apiId, functionArn));
  return api.request({
    method: "POST",
    host: "gateway",
    path: path`/v2/apis/${apiId}/routes`,
    json: { routeKey: key, target: `integrations/${integrationId}`, ...accessMembers(who) },
    response: RouteAnswer,
  });
}

/** Lets this route, in every stage, invoke the function; that it may already is well. */
async function permit(api: Api, apiId: string, key: string, functionArn: string): Promise<void> {
  const [, partition, , region, account, , name = "", qualified] = functionArn.split(":");
  // Path parameters match anything: https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
  const [method = "", place = "/*"] = key.replace(/^\$default$/, "* /*").split(" ");
  const resource = `${method === "ANY" ? "*" : method}${place.replaceAll(/\{[^}]*\}/g, "*")}`;
  const digest = createHash("sha256").update(key).digest("hex").slice(0, 16);
  try {
    await api.request({
      method: "POST",
      path: path`/2015-03-31/functions/${name}/policy`,
      query: { Qualifier: qualified },
      json: {
        StatementId: `gateway-${apiId}-${digest}`,
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: `arn:${partition}:execute-api:${region}:${account}:${apiId}/*/${resource}`,
      },
      response: z.object({ Statement: z.string() }),
    });
  } catch (error) {
    if (!Fault.is(error) || error.code !== "already_exists") throw error;
  }
}

async function find(api: Api, apiId: string, functionArn: string): Promise<string | undefined> {
  const { items } = await gatewayPages(
    api,
    { method: "GET", path: path`/v2/apis/${apiId}/integrations`, query: { maxResults: 300 } },
    Existing,
    undefined,
  );
  return items.find(
    (one) => one.integrationType === "AWS_PROXY" && one.integrationUri === functionArn,
  )?.integrationId;
}

async function make(api: Api, apiId: string, functionArn: string): Promise<string> {
  const { id: made } = await api.request({
    method: "POST",
    host: "gateway",
    path: path`/v2/apis/${apiId}/integrations`,
    json: integrationMembers({ functionArn }),
    response: IntegrationId,
  });
  return made;
}
