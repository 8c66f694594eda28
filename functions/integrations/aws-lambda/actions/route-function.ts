import { createHash } from "node:crypto";
import { Fault } from "#shared/errors";
import { type Api, defineAction, path } from "#shared/integration";
import * as z from "zod";
import { IntegrationId, integrationMembers } from "./create-integration.ts";
import { access, accessMembers, Route, RouteAnswer, routeKey } from "./create-route.ts";
import { id, readPages } from "../client.ts";

const Existing = z.object({
  integrationId: z.string(),
  integrationType: z.string().nullish(),
  integrationUri: z.string().nullish(),
});

export const routeFunction = defineAction({
  summary: "Lead a route of an HTTP API to a function: permission, integration and route in one",
  docs: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html",
  scopes: ["lambda:AddPermission", "apigateway:GET", "apigateway:POST"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "it is three writes; after a failure a second call goes on with what it finds",
  },
  input: z.object({
    apiId: id,
    routeKey,
    /** The function's, or an alias's, so that shift-alias moves its calls. */
    functionArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(?::[\w-]{1,128})?$/),
    access: access.optional(),
  }),
  output: Route,
  async run(api, { apiId, routeKey: key, functionArn, access: who }) {
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
  },
});

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
  const { items } = await readPages(
    api,
    { method: "GET", path: path`/v2/apis/${apiId}/integrations`, query: { maxResults: 300 } },
    { kind: "gateway", member: "items", item: Existing, from: undefined },
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
