import * as z from "zod";

// Log entries, as a sink routes them into Pub/Sub and a push subscription without wrapper posts them:
// https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry

const entry = {
  insertId: z.string(),
  logName: z.string(),
  timestamp: z.string(),
  severity: z.union([z.string(), z.int()]).optional(),
};

const labels = z.record(z.string(), z.string()).optional();

/** Who asked Vertex for what: https://cloud.google.com/vertex-ai/docs/general/audit-logging */
const Audit = z.object({
  ...entry,
  resource: z.object({ type: z.string(), labels }),
  protoPayload: z.object({
    serviceName: z.string(),
    methodName: z.string(),
    resourceName: z.string().optional(),
    authenticationInfo: z.object({ principalEmail: z.string().optional() }).optional(),
    /** Set, with a code, where it failed. */
    status: z.object({ code: z.int().optional(), message: z.string().optional() }).optional(),
    response: z
      .looseObject({ name: z.string().optional(), state: z.string().optional() })
      .optional(),
  }),
  /** Of a long-running operation there are two entries: its beginning and its end. */
  operation: z
    .object({
      id: z.string().optional(),
      producer: z.string().optional(),
      first: z.boolean().optional(),
      last: z.boolean().optional(),
    })
    .optional(),
});

/** https://cloud.google.com/vertex-ai/docs/pipelines/logging: `PIPELINE_STATE_RUNNING`, `…_SUCCEEDED`, `…_FAILED` */
const PipelineJob = z.object({
  ...entry,
  resource: z.object({
    type: z.literal("aiplatform.googleapis.com/PipelineJob"),
    labels: z.looseObject({ pipeline_job_id: z.string() }),
  }),
  jsonPayload: z.looseObject({ pipelineName: z.string().optional(), state: z.string().optional() }),
});

/** What a custom training, or the service around it, logs; its label `job_id` is for `get-training`. */
const TrainingLog = z.object({
  ...entry,
  resource: z.object({ type: z.literal("ml_job"), labels: z.looseObject({ job_id: z.string() }) }),
  textPayload: z.string().optional(),
  jsonPayload: z.looseObject({ message: z.string().optional() }).optional(),
});

const services = {
  JobService: [
    "CreateCustomJob",
    "CancelCustomJob",
    "CreateBatchPredictionJob",
    "CancelBatchPredictionJob",
  ],
  GenAiTuningService: ["CreateTuningJob", "CancelTuningJob"],
  EndpointService: ["DeployModel", "UndeployModel"],
} as const;

const methods = Object.entries(services).flatMap(([service, names]) =>
  names.map((name) => `google.cloud.aiplatform.v1.${service}.${name}`),
);

/** By the method that was called, or by what logged. */
export const events: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(methods.map((method) => [method, Audit])),
  "aiplatform.googleapis.com/PipelineJob": PipelineJob,
  ml_job: TrainingLog,
};

/** What every log entry has. */
export const otherEvents = z.looseObject(entry);
