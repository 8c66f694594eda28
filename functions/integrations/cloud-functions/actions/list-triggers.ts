import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { docsOf, from, idOf, inRegion, listOf, location, readPages } from "../client.ts";

/** What starts a function or a service. */
const Trigger = z.object({
  id: z.string(),
  eventType: z.string().nullable(),
  filters: z.array(z.object({ attribute: z.string(), value: z.string() })),
  /** The service or function that gets the events. */
  destination: z.string().nullable(),
  path: z.string().nullable(),
  serviceAccount: z.string().nullable(),
  topic: z.string().nullable(),
  /** Why it does not send, by part. */
  problems: z.array(z.string()),
});

const maybe = z.string().nullish();

const TriggerAnswer = z
  .object({
    name: z.string(),
    eventFilters: z.array(z.object({ attribute: z.string(), value: z.string() })),
    destination: z.object({
      cloudRun: z.object({ service: z.string(), path: maybe }).nullish(),
      cloudFunction: maybe,
    }),
    serviceAccount: maybe,
    transport: z.object({ pubsub: z.object({ topic: maybe }).nullish() }).nullish(),
    conditions: z.record(z.string(), z.object({ code: maybe, message: maybe })).nullish(),
  })
  .transform(
    ({ name, eventFilters, destination, conditions, ...given }): z.infer<typeof Trigger> => ({
      id: idOf(name),
      eventType: eventFilters.find(({ attribute }) => attribute === "type")?.value ?? null,
      filters: eventFilters.filter(({ attribute }) => attribute !== "type"),
      destination: destination.cloudRun?.service ?? destination.cloudFunction ?? null,
      path: destination.cloudRun?.path ?? null,
      serviceAccount: given.serviceAccount ?? null,
      topic: given.transport?.pubsub?.topic ?? null,
      problems: Object.entries(conditions ?? {}).flatMap(([part, { code, message }]) =>
        code && code !== "OK" ? `${part}: ${message ?? code}` : [],
      ),
    }),
  );

export const listTriggers = defineAction({
  summary: "List the event triggers of a region, those of functions included",
  docs: `${docsOf.triggers}/list`,
  scopes: ["eventarc.triggers.list"],
  effect: "read",
  input: z.object({ location, from }),
  output: listOf(Trigger),
  run(api, { location: asked, from: position }) {
    return readPages(
      api,
      { host: "eventarc", path: path`${inRegion(api, asked)}/triggers` },
      { member: "triggers", item: TriggerAnswer, from: position },
    );
  },
});
