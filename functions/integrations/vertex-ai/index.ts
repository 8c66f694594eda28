import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { cancelBatch } from "./actions/cancel-batch.ts";
import { cancelTraining } from "./actions/cancel-training.ts";
import { cancelTuning } from "./actions/cancel-tuning.ts";
import { countTokens } from "./actions/count-tokens.ts";
import { createEndpoint } from "./actions/create-endpoint.ts";
import { deleteEndpoint } from "./actions/delete-endpoint.ts";
import { deleteModel } from "./actions/delete-model.ts";
import { deployModel } from "./actions/deploy-model.ts";
import { embedTexts } from "./actions/embed-texts.ts";
import { generateContent } from "./actions/generate-content.ts";
import { getBatch } from "./actions/get-batch.ts";
import { getEndpoint } from "./actions/get-endpoint.ts";
import { getModel } from "./actions/get-model.ts";
import { getOperation } from "./actions/get-operation.ts";
import { getTraining } from "./actions/get-training.ts";
import { getTuning } from "./actions/get-tuning.ts";
import { listBatches } from "./actions/list-batches.ts";
import { listChanges } from "./actions/list-changes.ts";
import { listEndpoints } from "./actions/list-endpoints.ts";
import { listModels } from "./actions/list-models.ts";
import { listTrainings } from "./actions/list-trainings.ts";
import { listTunings } from "./actions/list-tunings.ts";
import { predictInstances } from "./actions/predict-instances.ts";
import { predictRaw } from "./actions/predict-raw.ts";
import { reportCalls } from "./actions/report-calls.ts";
import { reportJobs } from "./actions/report-jobs.ts";
import { reportUsage } from "./actions/report-usage.ts";
import { scaleModel } from "./actions/scale-model.ts";
import { setTraffic } from "./actions/set-traffic.ts";
import { startBatch } from "./actions/start-batch.ts";
import { startTraining } from "./actions/start-training.ts";
import { startTuning } from "./actions/start-tuning.ts";
import { streamContent } from "./actions/stream-content.ts";
import { undeployModel } from "./actions/undeploy-model.ts";
import { uploadModel } from "./actions/upload-model.ts";
import { errorOf } from "./client.ts";
import { events, otherEvents } from "./events.ts";

const quotas = "https://cloud.google.com/vertex-ai/docs/quotas";

export default defineIntegration({
  id: "vertex-ai",
  title: "Google Vertex AI",
  summary:
    "Gemini and vectors, models on endpoints that scale, tuning, training, batches and what they cost",
  category: "ai",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest",
  auth: {
    kind: "service-account",
    fields: {
      "service-account": { label: "Service account key (JSON)", required: true, secret: true },
      "push-account": {
        label: "E-mail of the push subscription's account",
        required: false,
        secret: true,
      },
    },
    config: {
      project: {
        label: "Project ID",
        // https://cloud.google.com/resource-manager/docs/creating-managing-projects
        schema: z.string().regex(/^(?:[a-z0-9.]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$|^\d{6,20}$/),
        example: "my-project",
      },
      location: {
        label: "Region",
        // https://cloud.google.com/vertex-ai/docs/general/locations
        schema: z.string().regex(/^[a-z]+-[a-z]+\d{1,2}$/),
        example: "us-central1",
      },
    },
    scopes: ["https://www.googleapis.com/auth/cloud-platform"],
  },
  http: {
    baseUrl:
      "https://{location}-aiplatform.googleapis.com/v1/projects/{project}/locations/{location}",
    hosts: {
      /** https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations#global-endpoint */
      global: {
        baseUrl: "https://aiplatform.googleapis.com/v1/projects/{project}/locations/global",
      },
      /** https://cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type */
      dedicated: {
        baseUrl:
          "https://{endpoint}.{place}.prediction.vertexai.goog/v1/projects/{project}/locations/{location}",
      },
      monitoring: { baseUrl: "https://monitoring.googleapis.com/v3/projects/{project}" },
    },
    errorOf,
  },
  limits: [
    {
      scope: "resource management requests, per project and region",
      requests: 600,
      perSeconds: 60,
      docs: quotas,
    },
    {
      scope: "online predictions on custom models, per project and region",
      requests: 30_000,
      perSeconds: 60,
      docs: quotas,
    },
  ],
  health: "list-endpoints",
  actions: {
    "cancel-batch": cancelBatch,
    "cancel-training": cancelTraining,
    "cancel-tuning": cancelTuning,
    "count-tokens": countTokens,
    "create-endpoint": createEndpoint,
    "delete-endpoint": deleteEndpoint,
    "delete-model": deleteModel,
    "deploy-model": deployModel,
    "embed-texts": embedTexts,
    "generate-content": generateContent,
    "get-batch": getBatch,
    "get-endpoint": getEndpoint,
    "get-model": getModel,
    "get-operation": getOperation,
    "get-training": getTraining,
    "get-tuning": getTuning,
    "list-batches": listBatches,
    "list-changes": listChanges,
    "list-endpoints": listEndpoints,
    "list-models": listModels,
    "list-trainings": listTrainings,
    "list-tunings": listTunings,
    "predict-instances": predictInstances,
    "predict-raw": predictRaw,
    "report-calls": reportCalls,
    "report-jobs": reportJobs,
    "report-usage": reportUsage,
    "scale-model": scaleModel,
    "set-traffic": setTraffic,
    "start-batch": startBatch,
    "start-training": startTraining,
    "start-tuning": startTuning,
    "stream-content": streamContent,
    "undeploy-model": undeployModel,
    "upload-model": uploadModel,
  },
  webhooks: {
    docs: "https://cloud.google.com/pubsub/docs/push",
    // https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
    verify: {
      kind: "jwt",
      header: "authorization",
      prefix: "Bearer ",
      keys: {
        jwks: "https://www.googleapis.com/oauth2/v3/certs",
        algorithms: ["RS256"],
        who: ["email"],
      },
      issuers: ["https://accounts.google.com"],
      claims: { email_verified: true },
      toleranceSeconds: 60,
    },
    secretField: "push-account",
    // https://cloud.google.com/pubsub/docs/payload-unwrapping; an entry that comes twice has one id.
    deliveryId: [{ field: "insertId" }, { header: "x-goog-pubsub-message-id" }],
    type: [{ field: "protoPayload.methodName" }, { field: "resource.type" }],
    events,
    otherEvents,
  },
  catalog: {
    does: [
      {
        line: "generate (Gemini) with streaming, tools, JSON schema",
        actions: ["generate-content", "stream-content", "count-tokens"],
      },
      { line: "embeddings", actions: ["embed-texts"] },
      {
        line: "deploy/undeploy models to endpoints with autoscaling",
        actions: [
          "list-models",
          "get-model",
          "upload-model",
          "delete-model",
          "list-endpoints",
          "get-endpoint",
          "create-endpoint",
          "delete-endpoint",
          "deploy-model",
          "scale-model",
          "set-traffic",
          "undeploy-model",
          "get-operation",
        ],
      },
      { line: "predict on custom models", actions: ["predict-instances", "predict-raw"] },
      {
        line: "tuning and custom training jobs",
        actions: [
          "start-tuning",
          "get-tuning",
          "list-tunings",
          "cancel-tuning",
          "start-training",
          "get-training",
          "list-trainings",
          "cancel-training",
          "list-changes",
        ],
      },
      {
        line: "batch prediction",
        actions: ["start-batch", "get-batch", "list-batches", "cancel-batch"],
      },
      {
        line: "cost and performance report",
        actions: ["report-usage", "report-calls", "report-jobs"],
      },
    ],
    on: [{ line: "job state changes", events: Object.keys(events) }],
    why: [
      {
        line: "model deployment, prediction, tuning",
        how: "`start-tuning` or `upload-model`, `deploy-model`, `set-traffic` for a canary, `predict-instances`; `list-changes` tells the end of every job",
      },
    ],
    setup: [
      'Enable the Vertex AI API, create a service account with the role "Vertex AI User" (to deploy and train: "Vertex AI Administrator"; for the usage report: "Monitoring Viewer") and a JSON key for it',
      "Enter the key file, the project ID and the region",
      'For events: route the log entries by a sink to a topic, and add a push subscription with authentication and "payload unwrapping" to the address of the connection\'s webhooks; enter the e-mail of its service account',
    ],
  },
});
