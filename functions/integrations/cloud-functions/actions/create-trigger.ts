import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import {
  account,
  createdOnce,
  docsOf,
  inRegion,
  location,
  Operation,
  operation,
  regionFor,
  serviceId,
} from "../client.ts";

/** What an event must say: https://cloud.google.com/eventarc/docs/reference/rest/v1/projects.locations.triggers#EventFilter */
export const filters = z
  .array(
    z.object({
      attribute: z.string().regex(/^[a-z0-9]{1,63}$/i),
      value: z.string().min(1).max(1_000),
      /** `*` stands for text of a resource's name. */
      operator: z.literal("match-path-pattern").optional(),
    }),
  )
  .min(1)
  .max(20);

export const triggerId = z.string().regex(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/);

export const createTrigger = defineAction({
  summary: "Have Eventarc send events to a service as CloudEvents",
  docs: `${docsOf.triggers}/create`,
  scopes: ["eventarc.triggers.create", "eventarc.operations.get", "iam.serviceAccounts.actAs"],
  effect: "write",
  idempotency: createdOnce,
  input: z.object({
    id: triggerId,
    location,
    /** One of them has the attribute `type`. */
    filters: filters.refine((all) => all.some(({ attribute }) => attribute === "type"), {
      error: 'needs a filter with the attribute "type"',
    }),
    service: serviceId,
    /** Where on the service, such as a connection's `/v1/webhooks/cloud-functions/default`. */
    path: z
      .string()
      .regex(/^\/[\w./~-]*$/)
      .optional(),
    /** Signs the token of each delivery, and needs `run.routes.invoke` on the service. */
    serviceAccount: account,
    /** For Pub/Sub: the topic, instead of one that Eventarc makes. */
    topic: z
      .string()
      .regex(/^projects\/[^/]+\/topics\/[^/]+$/)
      .optional(),
  }),
  output: Operation,
  run(api, { id, location: asked, service, path: below, topic, ...given }) {
    return api.request(
      operation("triggers", {
        method: "POST",
        path: path`${inRegion(api, asked)}/triggers`,
        query: { triggerId: id },
        json: {
          name: path`${inRegion(api, asked)}/triggers/${id}`.encoded.slice(1),
          eventFilters: given.filters,
          serviceAccount: given.serviceAccount,
          destination: { cloudRun: { service, region: regionFor(api, asked), path: below } },
          // What a webhook reads; Google's samples ask for protobuf of some sources.
          eventDataContentType: "application/json",
          transport: topic && { pubsub: { topic } },
        },
      }),
    );
  },
});
