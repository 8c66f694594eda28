import { path } from "#shared/integration";
import * as z from "zod";
import { gatewayAction, id, uniqueName } from "../client.ts";

/** `GET /things/{id}`, `ANY /files/{path+}` or `$default` for all that no other takes. */
export const routeKey = z
  .string()
  .regex(/^(?:\$default|(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/\S{0,500})$/);

/** Who may call a route. */
export const access = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["NONE", "AWS_IAM"]) }),
  z.strictObject({
    type: z.literal("JWT"),
    authorizerId: id,
    /** Any of these must be in the token. */
    scopes: z.array(z.string().min(1).max(64)).max(10).optional(),
  }),
  z.strictObject({ type: z.literal("CUSTOM"), authorizerId: id }),
]);

/** Who may call a route, as API Gateway is told of it. */
export function accessMembers(given: z.infer<typeof access> | undefined) {
  return {
    authorizationType: given?.type,
    ...(given && "authorizerId" in given && { authorizerId: given.authorizerId }),
    ...(given && "scopes" in given && { authorizationScopes: given.scopes }),
  };
}

export const Route = z.object({
  id: z.string(),
  routeKey: z.string(),
  integrationId: z.string().nullable(),
  access: z.string(),
  authorizerId: z.string().nullable(),
});

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

export const createRoute = gatewayAction("apis-apiid-routes", {
  summary: "Create a route that leads to an integration, open or behind an authorizer",
  scopes: ["apigateway:POST"],
  effect: "write",
  idempotency: uniqueName,
  input: z.object({ apiId: id, routeKey, integrationId: id, access: access.optional() }),
  output: Route,
  call: ({ apiId, routeKey: key, integrationId, access: who }) => ({
    method: "POST",
    path: path`/v2/apis/${apiId}/routes`,
    json: { routeKey: key, target: `integrations/${integrationId}`, ...accessMembers(who) },
  }),
  answer: RouteAnswer,
});
