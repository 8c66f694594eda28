import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { displayName, labels, Operation, OperationAnswer } from "../client.ts";

export const createEndpoint = defineAction({
  summary: "Create an endpoint, to which models are then deployed",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/create",
  scopes: ["aiplatform.endpoints.create"],
  effect: "write",
  idempotency: { kind: "natural", why: "ids are unique; a repeat says already_exists" },
  input: z.object({
    /** A letter first, then letters, digits and dashes. */
    endpoint: z.string().regex(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/),
    title: displayName,
    description: z.string().max(4_000).optional(),
    labels: labels.optional(),
    /** Gives it a host of its own: faster, with requests up to 10 MB. */
    dedicated: z.boolean().default(false),
  }),
  output: Operation,
  run: (api, { endpoint, title, description, labels: given, dedicated }) =>
    api.request({
      method: "POST",
      path: path`/endpoints`,
      query: { endpointId: endpoint },
      json: {
        displayName: title,
        description,
        labels: given,
        dedicatedEndpointEnabled: dedicated ? true : undefined,
      },
      response: OperationAnswer,
    }),
});
