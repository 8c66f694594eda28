import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { docsOf, functionId, idOf, inRegion, location, regionOf } from "../client.ts";

const text = z.string().nullable();

/** A function as it is deployed. */
export const FunctionState = z.object({
  id: z.string(),
  location: z.string(),
  state: z.string(),
  /** What Google says is wrong with it. */
  problems: z.array(z.string()),
  /** `GEN_1` functions are told, and not changed, by these actions. */
  environment: z.string(),
  url: text,
  runtime: text,
  entryPoint: text,
  /** The Cloud Run service behind it, for revisions, traffic and costs. */
  service: text,
  revision: text,
  memory: text,
  cpu: text,
  timeoutSeconds: z.int().nullable(),
  minInstances: z.int(),
  maxInstances: z.int().nullable(),
  serviceAccount: text,
  /** The type of event that starts it; `null` where requests do. */
  eventType: text,
  updatedAt: text,
});

const maybe = z.string().nullish();
const count = z.int().nullish();

/** https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions#Function */
export const FunctionAnswer = z
  .object({
    name: z.string(),
    state: maybe,
    environment: maybe,
    url: maybe,
    updateTime: maybe,
    stateMessages: z.array(z.object({ message: maybe })).nullish(),
    buildConfig: z.object({ runtime: maybe, entryPoint: maybe }).nullish(),
    serviceConfig: z
      .object({
        service: maybe,
        uri: maybe,
        revision: maybe,
        availableMemory: maybe,
        availableCpu: maybe,
        timeoutSeconds: count,
        minInstanceCount: count,
        maxInstanceCount: count,
        serviceAccountEmail: maybe,
      })
      .nullish(),
    eventTrigger: z.object({ eventType: maybe }).nullish(),
  })
  .transform(
    ({
      name,
      buildConfig,
      serviceConfig,
      eventTrigger,
      ...given
    }): z.infer<typeof FunctionState> => ({
      id: idOf(name),
      location: regionOf(name),
      state: given.state ?? "STATE_UNSPECIFIED",
      problems: (given.stateMessages ?? []).flatMap(({ message }) => message ?? []),
      environment: given.environment ?? "ENVIRONMENT_UNSPECIFIED",
      url: serviceConfig?.uri ?? given.url ?? null,
      runtime: buildConfig?.runtime ?? null,
      entryPoint: buildConfig?.entryPoint ?? null,
      service: serviceConfig?.service ? idOf(serviceConfig.service) : null,
      revision: serviceConfig?.revision ? idOf(serviceConfig.revision) : null,
      memory: serviceConfig?.availableMemory ?? null,
      cpu: serviceConfig?.availableCpu ?? null,
      timeoutSeconds: serviceConfig?.timeoutSeconds ?? null,
      minInstances: serviceConfig?.minInstanceCount ?? 0,
      maxInstances: serviceConfig?.maxInstanceCount ?? null,
      serviceAccount: serviceConfig?.serviceAccountEmail ?? null,
      eventType: eventTrigger?.eventType ?? null,
      updatedAt: given.updateTime ?? null,
    }),
  );

export const getFunction = defineAction({
  summary: "Read a function: its state, address, settings and what is wrong with it",
  docs: `${docsOf.functions}/get`,
  scopes: ["cloudfunctions.functions.get"],
  effect: "read",
  input: z.object({ id: functionId, location }),
  output: FunctionState,
  run(api, { id, location: asked }) {
    return api.request({
      method: "GET",
      path: path`${inRegion(api, asked)}/functions/${id}`,
      response: FunctionAnswer,
    });
  },
});
