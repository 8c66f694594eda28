import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { createFunction } from "./actions/create-function.ts";
import { createService } from "./actions/create-service.ts";
import { createSubscription } from "./actions/create-subscription.ts";
import { createTrigger } from "./actions/create-trigger.ts";
import { deleteFunction } from "./actions/delete-function.ts";
import { deleteRevision } from "./actions/delete-revision.ts";
import { deleteService } from "./actions/delete-service.ts";
import { deleteSubscription } from "./actions/delete-subscription.ts";
import { deleteTrigger } from "./actions/delete-trigger.ts";
import { getFunction } from "./actions/get-function.ts";
import { getOperation } from "./actions/get-operation.ts";
import { getService } from "./actions/get-service.ts";
import { invokeFunction } from "./actions/invoke-function.ts";
import { invokeService } from "./actions/invoke-service.ts";
import { listFunctions } from "./actions/list-functions.ts";
import { listRevisions } from "./actions/list-revisions.ts";
import { listServices } from "./actions/list-services.ts";
import { listTriggers } from "./actions/list-triggers.ts";
import { reportCosts } from "./actions/report-costs.ts";
import { setInvokers } from "./actions/set-invokers.ts";
import { splitTraffic } from "./actions/split-traffic.ts";
import { updateFunction } from "./actions/update-function.ts";
import { updateService } from "./actions/update-service.ts";
import { uploadSource } from "./actions/upload-source.ts";
import { errorOf } from "./client.ts";
import { eventarc, pubsub, PUBLISHED } from "./events.ts";

const quotas = "https://docs.cloud.google.com/functions/quotas#rate_limits";

export default defineIntegration({
  id: "cloud-functions",
  title: "Google Cloud Functions and Cloud Run",
  summary:
    "Functions and services of a project: deploy, call, split traffic, start by events, and what they cost",
  category: "compute",
  docs: "https://cloud.google.com/run/docs/reference/rest",
  auth: {
    kind: "service-account",
    fields: {
      "service-account": { label: "Service account key (JSON)", required: true, secret: true },
      "push-identity": {
        label: "Who pushes events: the service account's e-mail, a blank, the audience",
        required: false,
        secret: true,
      },
    },
    config: {
      project: {
        label: "Project ID",
        // https://cloud.google.com/resource-manager/docs/creating-managing-projects#before_you_begin
        schema: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/),
        example: "acme-prod",
      },
      region: {
        label: "Region",
        schema: z.string().regex(/^[a-z]+-[a-z]+\d{1,2}$/),
        default: "us-central1",
        example: "us-central1",
      },
      invoker: {
        label: "Service account that calls functions (e-mail)",
        schema: z.union([z.literal(""), z.email()]),
        default: "",
        example: "invoker@acme-prod.iam.gserviceaccount.com",
      },
    },
    scopes: ["https://www.googleapis.com/auth/cloud-platform"],
  },
  http: {
    baseUrl: "https://cloudfunctions.googleapis.com/v2",
    hosts: {
      run: { baseUrl: "https://run.googleapis.com/v2" },
      eventarc: { baseUrl: "https://eventarc.googleapis.com/v1" },
      pubsub: { baseUrl: "https://pubsub.googleapis.com/v1" },
      monitoring: { baseUrl: "https://monitoring.googleapis.com/v3" },
      credentials: { baseUrl: "https://iamcredentials.googleapis.com/v1" },
      /** The signed address is the permission. */
      uploads: { baseUrl: "https://storage.googleapis.com", auth: "none" },
      /** What is called: with an ID token, never with the connection's own credentials. */
      services: { baseUrl: "https://{service}.a.run.app", auth: "none" },
      "regional-services": { baseUrl: "https://{service}.{region}.run.app", auth: "none" },
      functions: { baseUrl: "https://{place}.cloudfunctions.net", auth: "none" },
    },
    timeoutSeconds: 30,
    errorOf,
  },
  // Those of Cloud Run's own API are told by its answers.
  limits: [
    {
      scope: "reads of functions, per project and region",
      requests: 1_200,
      perSeconds: 60,
      docs: quotas,
    },
    {
      scope: "deployments and deletions of functions, per project and region",
      requests: 60,
      perSeconds: 60,
      docs: quotas,
    },
  ],
  health: "list-functions",
  actions: {
    "create-function": createFunction,
    "create-service": createService,
    "create-subscription": createSubscription,
    "create-trigger": createTrigger,
    "delete-function": deleteFunction,
    "delete-revision": deleteRevision,
    "delete-service": deleteService,
    "delete-subscription": deleteSubscription,
    "delete-trigger": deleteTrigger,
    "get-function": getFunction,
    "get-operation": getOperation,
    "get-service": getService,
    "invoke-function": invokeFunction,
    "invoke-service": invokeService,
    "list-functions": listFunctions,
    "list-revisions": listRevisions,
    "list-services": listServices,
    "list-triggers": listTriggers,
    "report-costs": reportCosts,
    "set-invokers": setInvokers,
    "split-traffic": splitTraffic,
    "update-function": updateFunction,
    "update-service": updateService,
    "upload-source": uploadSource,
  },
  webhooks: {
    docs: "https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions",
    // Eventarc delivers by push subscriptions as well. Its audience is the service's address, not the webhook's.
    verify: {
      kind: "jwt",
      header: "authorization",
      prefix: "Bearer ",
      keys: {
        jwks: "https://www.googleapis.com/oauth2/v3/certs",
        algorithms: ["RS256"],
        who: ["email", "aud"],
      },
      issuers: ["https://accounts.google.com"],
      claims: { email_verified: true },
      toleranceSeconds: 60,
    },
    secretField: "push-identity",
    // Any success counts as an acknowledgement: https://cloud.google.com/pubsub/docs/push#receive_push
    ack: { status: 204 },
    deliveryId: [{ header: "ce-id" }, { field: "message.messageId" }, { field: "id" }],
    type: [
      { header: "ce-type" },
      { always: PUBLISHED, when: { field: "message.messageId" } },
      { field: "type" },
    ],
    events: { ...eventarc, ...pubsub },
  },
  catalog: {
    does: [
      {
        line: "create, update, delete, invoke functions and services",
        actions: [
          "list-functions",
          "get-function",
          "upload-source",
          "create-function",
          "update-function",
          "delete-function",
          "invoke-function",
          "list-services",
          "get-service",
          "create-service",
          "update-service",
          "delete-service",
          "invoke-service",
          "set-invokers",
          "get-operation",
        ],
      },
      {
        line: "revisions and traffic split",
        actions: ["list-revisions", "delete-revision", "split-traffic"],
      },
      {
        line: "event triggers",
        actions: [
          "create-trigger",
          "list-triggers",
          "delete-trigger",
          "create-subscription",
          "delete-subscription",
        ],
      },
      { line: "cost report", actions: ["report-costs"] },
    ],
    on: [
      {
        line: "Eventarc CloudEvents, Pub/Sub push",
        events: [...Object.keys(eventarc), ...Object.keys(pubsub)],
      },
    ],
    why: [
      {
        line: "event-driven compute",
        how: "Eventarc and Pub/Sub start functions of any cloud; `create-trigger` and `create-subscription` start those of Google",
      },
    ],
    setup: [
      "Enable the APIs of Cloud Functions, Cloud Run, Cloud Build, Eventarc, Pub/Sub, Monitoring and IAM Service Account Credentials",
      "Create a service account with the permissions that the actions name, and a JSON key of it",
      "To call private functions, name an invoker: grant it `roles/run.invoker`, and the first account `roles/iam.serviceAccountTokenCreator` on it",
      "For events, store who pushes: the e-mail of the subscription's or trigger's service account, a blank, and its audience",
    ],
  },
});
