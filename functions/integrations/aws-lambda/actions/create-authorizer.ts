import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { arn, gatewayDocs, id } from "../client.ts";

/** Where the proof stands in a request: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
const source = z
  .string()
  .regex(/^\$(?:request\.(?:header|querystring)|context|stageVariables)\.[\w.-]+$/);

export const Authorizer = z.object({ id: z.string(), name: z.string(), kind: z.string() });

export const createAuthorizer = defineAction({
  summary: "Create an authorizer for routes: tokens of an issuer, or a function that decides",
  docs: gatewayDocs("apis-apiid-authorizers"),
  scopes: ["apigateway:POST"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "API Gateway takes no key; list-authorizers tells what is there",
  },
  input: z.object({
    apiId: id,
    name: z.string().min(1).max(128),
    by: z.union([
      z.strictObject({
        issuer: z.url({ protocol: /^https$/ }).max(2_048),
        audience: z.array(z.string().min(1)).min(1).max(50),
        identitySource: source.default("$request.header.Authorization"),
      }),
      z.strictObject({
        functionArn: arn,
        identitySources: z.array(source).min(1).max(10),
        /** For how long a decision holds; 0 asks each time. */
        cacheSeconds: z.int().min(0).max(3_600).default(0),
      }),
    ]),
  }),
  output: Authorizer,
  async run(api, { apiId, name, by }) {
    const { AuthorizerAnswer, functionMembers, tokenMembers } = await import("../gateway-wire.ts");
    return api.request({
      method: "POST",
      host: "gateway",
      path: path`/v2/apis/${apiId}/authorizers`,
      json: { name, ...("issuer" in by ? tokenMembers(by) : functionMembers(by)) },
      response: AuthorizerAnswer,
    });
  },
});
