import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { createApp } from "./actions/apps/create-app.ts";
import { createPlan } from "./actions/apps/create-plan.ts";
import { deleteApp } from "./actions/apps/delete-app.ts";
import { deployFromUrl } from "./actions/apps/deploy-from-url.ts";
import { deployPackage } from "./actions/apps/deploy-package.ts";
import { getApp } from "./actions/apps/get-app.ts";
import { getDeployment } from "./actions/apps/get-deployment.ts";
import { getOperation } from "./actions/apps/get-operation.ts";
import { listApps } from "./actions/apps/list-apps.ts";
import { listPlans } from "./actions/apps/list-plans.ts";
import { restartApp } from "./actions/apps/restart-app.ts";
import { updateSettings } from "./actions/apps/update-settings.ts";
import { createFunction } from "./actions/functions/create-function.ts";
import { deleteFunction } from "./actions/functions/delete-function.ts";
import { deleteKey } from "./actions/functions/delete-key.ts";
import { getFunction } from "./actions/functions/get-function.ts";
import { invokeFunction } from "./actions/functions/invoke-function.ts";
import { listFunctions } from "./actions/functions/list-functions.ts";
import { listKeys } from "./actions/functions/list-keys.ts";
import { runFunction } from "./actions/functions/run-function.ts";
import { setFunctionState } from "./actions/functions/set-function-state.ts";
import { setKey } from "./actions/functions/set-key.ts";
import { syncTriggers } from "./actions/functions/sync-triggers.ts";
import { estimateCost } from "./actions/scale/estimate-cost.ts";
import { readScale } from "./actions/scale/read-scale.ts";
import { reportCost } from "./actions/scale/report-cost.ts";
import { scalePlan } from "./actions/scale/scale-plan.ts";
import { updateScale } from "./actions/scale/update-scale.ts";
import { cancelSwap } from "./actions/slots/cancel-swap.ts";
import { compareSlots } from "./actions/slots/compare-slots.ts";
import { createSlot } from "./actions/slots/create-slot.ts";
import { deleteSlot } from "./actions/slots/delete-slot.ts";
import { listSlots } from "./actions/slots/list-slots.ts";
import { pinSettings } from "./actions/slots/pin-settings.ts";
import { previewSwap } from "./actions/slots/preview-swap.ts";
import { readSlotTraffic } from "./actions/slots/read-slot-traffic.ts";
import { shiftSlotTraffic } from "./actions/slots/shift-slot-traffic.ts";
import { swapSlots } from "./actions/slots/swap-slots.ts";
import { errorOf } from "./client.ts";
import { events, otherEvents } from "./events.ts";

const guid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);

export default defineIntegration({
  id: "azure-functions",
  title: "Azure Functions",
  summary:
    "Function apps with their packages, functions, keys, slots, scale and cost, and the events of Event Grid",
  category: "compute",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps?view=rest-appservice-2023-12-01",
  auth: {
    // https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
    kind: "client-credentials",
    title: "Service principal",
    fields: {
      "client-id": { label: "Application (client) ID", required: true, secret: true },
      "client-secret": { label: "Client secret", required: true, secret: true },
      "event-audience": {
        label: "Tenant ID, a blank, and the application ID that Event Grid asks tokens for",
        required: false,
        secret: true,
      },
    },
    config: {
      "tenant-id": {
        label: "Directory (tenant) ID",
        schema: guid,
        example: "72f988bf-86f1-41af-91ab-2d7cd011db47",
      },
      "subscription-id": {
        label: "Subscription ID",
        schema: guid,
        example: "34adfa4f-cedf-4dc0-ba29-b6d1a69ab345",
      },
    },
    tokenUrl: "https://login.microsoftonline.com/{tenant-id}/oauth2/v2.0/token",
    clientAuth: "body",
    scopes: ["https://management.azure.com/.default"],
  },
  http: {
    baseUrl: "https://management.azure.com",
    hosts: {
      /** Where packages go; it takes the same token as the management API. */
      scm: { baseUrl: "https://{app}.scm.azurewebsites.net" },
      "scm-regional": { baseUrl: "https://{app}.scm.{region}.azurewebsites.net" },
      /** The functions themselves, which have keys of their own. */
      app: { baseUrl: "https://{app}.azurewebsites.net", auth: "none" },
      "app-regional": { baseUrl: "https://{app}.{region}.azurewebsites.net", auth: "none" },
      prices: { baseUrl: "https://prices.azure.com", auth: "none" },
    },
    timeoutSeconds: 20,
    errorOf,
  },
  limits: [
    {
      scope: "reads, per service principal and subscription: 250 at once, then 25 a second",
      requests: 25,
      perSeconds: 1,
      docs: "https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling",
    },
    {
      scope:
        "writes and deletes, per service principal and subscription: 200 at once, then 10 a second",
      requests: 10,
      perSeconds: 1,
      docs: "https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling",
    },
  ],
  health: "list-apps",
  actions: {
    "cancel-swap": cancelSwap,
    "compare-slots": compareSlots,
    "create-app": createApp,
    "create-function": createFunction,
    "create-plan": createPlan,
    "create-slot": createSlot,
    "delete-app": deleteApp,
    "delete-function": deleteFunction,
    "delete-key": deleteKey,
    "delete-slot": deleteSlot,
    "deploy-from-url": deployFromUrl,
    "deploy-package": deployPackage,
    "estimate-cost": estimateCost,
    "get-app": getApp,
    "get-deployment": getDeployment,
    "get-function": getFunction,
    "get-operation": getOperation,
    "invoke-function": invokeFunction,
    "list-apps": listApps,
    "list-functions": listFunctions,
    "list-keys": listKeys,
    "list-plans": listPlans,
    "list-slots": listSlots,
    "pin-settings": pinSettings,
    "preview-swap": previewSwap,
    "read-scale": readScale,
    "read-slot-traffic": readSlotTraffic,
    "report-cost": reportCost,
    "restart-app": restartApp,
    "run-function": runFunction,
    "scale-plan": scalePlan,
    "set-function-state": setFunctionState,
    "set-key": setKey,
    "shift-slot-traffic": shiftSlotTraffic,
    "swap-slots": swapSlots,
    "sync-triggers": syncTriggers,
    "update-scale": updateScale,
    "update-settings": updateSettings,
  },
  webhooks: {
    docs: "https://learn.microsoft.com/azure/event-grid/event-schema",
    // https://learn.microsoft.com/azure/event-grid/secure-webhook-delivery
    verify: {
      kind: "jwt",
      header: "authorization",
      prefix: "Bearer ",
      keys: {
        jwks: "https://login.microsoftonline.com/common/discovery/v2.0/keys",
        algorithms: ["RS256"],
        who: ["tid", "aud"],
      },
      issuers: ["https://login.microsoftonline.com/{tid}/v2.0"],
      // Event Grid's own application in every directory.
      claims: { azp: "4962773b-9cdb-44cf-a8bf-237846a00ab7" },
      toleranceSeconds: 60,
    },
    secretField: "event-audience",
    // https://learn.microsoft.com/azure/event-grid/end-point-validation-cloud-events-schema
    handshakes: [{ kind: "options", origins: ["eventgrid.azure.net"], perMinute: 600 }],
    deliveryId: [{ field: "id" }, { digest: "sha256" }],
    type: { field: "type" },
    ack: { status: 200 },
    events,
    otherEvents,
  },
  catalog: {
    does: [
      {
        line: "create apps, deploy packages, list functions and keys, invoke",
        actions: [
          "list-apps",
          "get-app",
          "list-plans",
          "create-plan",
          "create-app",
          "delete-app",
          "restart-app",
          "update-settings",
          "deploy-package",
          "deploy-from-url",
          "get-deployment",
          "get-operation",
          "list-functions",
          "list-keys",
          "set-key",
          "delete-key",
          "invoke-function",
        ],
      },
      {
        line: "HTTP, timer and queue triggers",
        actions: [
          "create-function",
          "get-function",
          "delete-function",
          "set-function-state",
          "run-function",
          "sync-triggers",
          "update-settings",
        ],
      },
      {
        line: "slots and swap",
        actions: [
          "list-slots",
          "create-slot",
          "delete-slot",
          "compare-slots",
          "pin-settings",
          "preview-swap",
          "cancel-swap",
          "swap-slots",
          "shift-slot-traffic",
          "read-slot-traffic",
        ],
      },
      {
        line: "scale settings and cost report",
        actions: ["read-scale", "update-scale", "scale-plan", "report-cost", "estimate-cost"],
      },
    ],
    on: [
      {
        line: "Event Grid, Storage Queue, Service Bus, timer",
        events: Object.keys(events),
        how: "Event Grid's events of apps, plans, storage and Service Bus by webhook; messages of Storage Queue and Service Bus start functions with `queueTrigger`, timers with `scheduleTrigger`, when these run as Azure Functions",
      },
    ],
    why: [
      {
        line: "event-driven compute",
        how: "functions subscribe to Event Grid's events by `webhookTrigger`; `create-function`, `deploy-package` and `invoke-function` run what is written for Azure alone",
      },
    ],
    setup: [
      "In Microsoft Entra ID, register an application and make a client secret; copy its client ID and the tenant ID",
      "Give the application the role Website Contributor on the resource group, and Cost Management Reader and Monitoring Reader for reports",
      "Enter the tenant ID and the ID of the subscription",
      "For events, let Event Grid deliver to the connection's webhook in the CloudEvents schema with Entra authentication, and enter `<tenant ID> <application ID>` as the audience",
    ],
  },
});
