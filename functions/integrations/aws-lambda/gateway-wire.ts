import * as z from "zod";
import type { access } from "./actions/create-route.ts";
import type { stageSettings } from "./actions/create-stage.ts";
import { time } from "./time.ts";

export const ApiAnswer = z
  .object({ apiId: z.string(), name: z.string(), apiEndpoint: z.string(), createdDate: time })
  .transform((given) => ({
    id: given.apiId,
    name: given.name,
    url: given.apiEndpoint,
    createdAt: given.createdDate,
  }));

export const IntegrationId = z
  .object({ integrationId: z.string() })
  .transform((given) => ({ id: given.integrationId }));

/** What leads to a function or a URL, as API Gateway is told of it. */
export function integrationMembers(
  to: { readonly functionArn: string } | { readonly url: string; readonly method: string },
): Record<string, string> {
  return "functionArn" in to
    ? {
        integrationType: "AWS_PROXY",
        integrationUri: to.functionArn,
        payloadFormatVersion: "2.0",
      }
    : {
        integrationType: "HTTP_PROXY",
        integrationUri: to.url,
        integrationMethod: to.method,
        payloadFormatVersion: "1.0",
      };
}

export const RouteAnswer = z
  .object({
    routeId: z.string(),
    routeKey: z.string(),
    target: z.string().nullish(),
    authorizationType: z.string().nullish(),
    authorizerId: z.string().nullish(),
  })
  .transform((given) => ({
    id: given.routeId,
    routeKey: given.routeKey,
    integrationId: given.target?.replace("integrations/", "") ?? null,
    access: given.authorizationType ?? "NONE",
    authorizerId: given.authorizerId ?? null,
  }));

/** Who may call a route, as API Gateway is told of it. */
export function accessMembers(given: z.infer<typeof access> | undefined) {
  return {
    authorizationType: given?.type,
    ...(given && "authorizerId" in given && { authorizerId: given.authorizerId }),
    ...(given && "scopes" in given && { authorizationScopes: given.scopes }),
  };
}

export const StageAnswer = z
  .object({
    stageName: z.string(),
    autoDeploy: z.boolean().nullish(),
    deploymentId: z.string().nullish(),
    lastUpdatedDate: time,
  })
  .transform((given) => ({
    name: given.stageName,
    autoDeploy: given.autoDeploy ?? false,
    deploymentId: given.deploymentId ?? null,
    modifiedAt: given.lastUpdatedDate,
  }));

/** Settings as API Gateway is told of them. */
export function stageMembers(given: z.infer<z.ZodObject<typeof stageSettings>>) {
  const { throttle, variables, ...rest } = given;
  return {
    ...rest,
    stageVariables: variables,
    ...(throttle && {
      defaultRouteSettings: {
        throttlingRateLimit: throttle.perSecond,
        throttlingBurstLimit: throttle.burst,
      },
    }),
  };
}

export const AuthorizerAnswer = z
  .object({ authorizerId: z.string(), name: z.string(), authorizerType: z.string() })
  .transform((given) => ({
    id: given.authorizerId,
    name: given.name,
    kind: given.authorizerType === "JWT" ? "JWT" : "CUSTOM",
  }));

export function tokenMembers(by: {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly identitySource: string;
}) {
  return {
    authorizerType: "JWT",
    identitySource: [by.identitySource],
    jwtConfiguration: { issuer: by.issuer, audience: by.audience },
  };
}

export function functionMembers(by: {
  readonly functionArn: string;
  readonly identitySources: readonly string[];
  readonly cacheSeconds: number;
}) {
  const [, partition, , region] = by.functionArn.split(":");
  return {
    authorizerType: "REQUEST",
    identitySource: by.identitySources,
    authorizerUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${by.functionArn}/invocations`,
    authorizerPayloadFormatVersion: "2.0",
    authorizerResultTtlInSeconds: by.cacheSeconds,
    // `{"isAuthorized": true}` instead of a policy.
    enableSimpleResponses: true,
  };
}
