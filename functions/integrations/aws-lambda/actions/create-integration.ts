import { path } from "#shared/integration";
import * as z from "zod";
import { arn, gatewayAction, id } from "../client.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html */
export const createIntegration = gatewayAction("POST", "apis-apiid-integrations", {
  summary: "Give an HTTP API something that routes can lead to: a function or a URL",
  idempotency: { kind: "none", why: "nothing is unique about it; a repeat makes a second one" },
  input: z.object({
    apiId: id,
    to: z.union([
      z.strictObject({ functionArn: arn }),
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }).max(2_048),
        method: z.enum(["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]),
      }),
    ]),
    /** 30 seconds at most: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
    timeoutMs: z.int().min(50).max(30_000).optional(),
  }),
  output: z.object({ id: z.string() }),
  call: ({ apiId, to, timeoutMs }, { integrationMembers }) => ({
    path: path`/v2/apis/${apiId}/integrations`,
    json: { ...integrationMembers(to), timeoutInMillis: timeoutMs },
  }),
  answer: ({ IntegrationId }) => IntegrationId,
});
