import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, traffic } from "../client.ts";
import { Endpoint, EndpointAnswer } from "./get-endpoint.ts";

export const setTraffic = defineAction({
  summary: "Share the traffic of an endpoint among its models, for a canary or a rollback",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/patch",
  scopes: ["aiplatform.endpoints.update"],
  effect: "write",
  idempotency: { kind: "natural", why: "it sets all shares; setting them again changes nothing" },
  input: z.object({ endpoint: id, traffic }),
  output: Endpoint,
  run: (api, { endpoint, traffic: trafficSplit }) =>
    api.request({
      method: "PATCH",
      path: path`/endpoints/${endpoint}`,
      query: { updateMask: "trafficSplit" },
      json: { trafficSplit },
      response: EndpointAnswer,
    }),
});
