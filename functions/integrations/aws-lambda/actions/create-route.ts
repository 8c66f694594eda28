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

export const Route = z.object({
  id: z.string(),
  routeKey: z.string(),
  integrationId: z.string().nullable(),
  access: z.string(),
  authorizerId: z.string().nullable(),
});

export const createRoute = gatewayAction("POST", "apis-apiid-routes", {
  summary: "Create a route that leads to an integration, open or behind an authorizer",
  idempotency: uniqueName,
  input: z.object({ apiId: id, routeKey, integrationId: id, access: access.optional() }),
  output: Route,
  call: ({ apiId, routeKey: key, integrationId, access: who }, { accessMembers }) => ({
    path: path`/v2/apis/${apiId}/routes`,
    json: { routeKey: key, target: `integrations/${integrationId}`, ...accessMembers(who) },
  }),
  answer: ({ RouteAnswer }) => RouteAnswer,
});
