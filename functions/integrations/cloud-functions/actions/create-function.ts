import { type Api, defineAction, path } from "#shared/integration";
import * as z from "zod";
import {
  account,
  concurrency,
  cpu,
  createdOnce,
  docsOf,
  env,
  functionId,
  inRegion,
  labels,
  location,
  memory,
  Operation,
  operation,
  secrets,
  timeoutSeconds,
} from "../client.ts";
import { filters } from "./create-trigger.ts";
import { StorageSource } from "./upload-source.ts";

/** https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions#EventTrigger */
const trigger = z.object({
  /** Such as `google.cloud.storage.object.v1.finalized`. */
  eventType: z.string().regex(/^[\w.-]{1,200}$/),
  filters: filters.optional(),
  /** For Pub/Sub: the topic, `projects/<project>/topics/<topic>`. */
  topic: z
    .string()
    .regex(/^projects\/[^/]+\/topics\/[^/]+$/)
    .optional(),
  /** Where events are from, if not the function's region. */
  region: z.string().optional(),
  /** Gives an event again until the function takes it. */
  retry: z.boolean().default(false),
  serviceAccount: account.optional(),
});

/** What can be said of a function when it is made and when it is changed. */
export const settings = {
  description: z.string().max(2_000).optional(),
  labels: labels.optional(),
  /** Such as `nodejs22`: https://cloud.google.com/functions/docs/runtime-support */
  runtime: z
    .string()
    .regex(/^[a-z]+\d+$/)
    .optional(),
  entryPoint: z.string().min(1).max(255).optional(),
  /** As `upload-source` gave it, or a zip of your own bucket. */
  source: StorageSource.optional(),
  env: env.optional(),
  secrets: secrets.optional(),
  memory: memory.optional(),
  cpu: cpu.optional(),
  timeoutSeconds: timeoutSeconds.optional(),
  minInstances: z.int().min(0).max(1_000).optional(),
  maxInstances: z.int().min(1).max(1_000).optional(),
  concurrency: concurrency.optional(),
  serviceAccount: account.optional(),
  ingress: z.enum(["ALLOW_ALL", "ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"]).optional(),
  trigger: trigger.optional(),
};

const Settings = z.object(settings);

export const createFunction = defineAction({
  summary: "Create a function from an uploaded source, started by requests or by events",
  docs: `${docsOf.functions}/create`,
  scopes: [
    "cloudfunctions.functions.create",
    "cloudfunctions.operations.get",
    "iam.serviceAccounts.actAs",
  ],
  effect: "write",
  idempotency: createdOnce,
  input: z.object({
    ...settings,
    id: functionId,
    location,
    runtime: settings.runtime.unwrap(),
    source: settings.source.unwrap(),
  }),
  output: Operation,
  run(api, { id, location: asked, ...given }) {
    return api.request(
      operation("functions", {
        method: "POST",
        path: path`${inRegion(api, asked)}/functions`,
        query: { functionId: id },
        json: { environment: "GEN_2", ...functionOf(api, given).body },
      }),
    );
  },
});

/** The settings in Google's words, and the mask of the fields that they name. */
export function functionOf(api: Api, given: z.infer<typeof Settings>) {
  const fields: Readonly<Record<string, unknown>> = {
    description: given.description,
    labels: given.labels,
    "buildConfig.runtime": given.runtime,
    "buildConfig.entryPoint": given.entryPoint,
    "buildConfig.source": given.source && { storageSource: given.source },
    "serviceConfig.environmentVariables": given.env,
    "serviceConfig.secretEnvironmentVariables": given.secrets?.map((one) => ({
      ...one,
      projectId: api.config["project"],
    })),
    "serviceConfig.availableMemory": given.memory,
    "serviceConfig.availableCpu": given.cpu,
    "serviceConfig.timeoutSeconds": given.timeoutSeconds,
    "serviceConfig.minInstanceCount": given.minInstances,
    "serviceConfig.maxInstanceCount": given.maxInstances,
    "serviceConfig.maxInstanceRequestConcurrency": given.concurrency,
    "serviceConfig.serviceAccountEmail": given.serviceAccount,
    "serviceConfig.ingressSettings": given.ingress,
    eventTrigger: given.trigger && triggerOf(given.trigger),
  };
  const named = Object.entries(fields).filter(([, value]) => value !== undefined);
  const body: Record<string, unknown> = {};
  for (const [field, value] of named) {
    const [first = "", second] = field.split(".");
    const part = body[first];
    body[first] =
      second === undefined ? value : { ...(typeof part === "object" ? part : {}), [second]: value };
  }
  return { body, mask: named.map(([field]) => field) };
}

function triggerOf(given: z.infer<typeof trigger>) {
  return {
    eventType: given.eventType,
    eventFilters: given.filters,
    pubsubTopic: given.topic,
    triggerRegion: given.region,
    retryPolicy: given.retry ? "RETRY_POLICY_RETRY" : "RETRY_POLICY_DO_NOT_RETRY",
    serviceAccountEmail: given.serviceAccount,
  };
}
