import { Fault } from "#shared/errors";
import type { DeployManifest } from "#shared/plan";
import type { AzureOptions } from "./names.ts";

/** Time for the pipeline to answer and log after a handler's own deadline, before the host stops the worker. */
const SLACK_SECONDS = 30;

/**
 * The `host.json` of the app, whose settings hold for all its functions
 * (https://learn.microsoft.com/azure/azure-functions/functions-host-json). Throws `invalid_argument` naming two functions
 * that need different values of one setting.
 */
export function renderHostJson(manifest: DeployManifest, { queue }: AzureOptions): string {
  const longestSeconds = Math.max(
    1,
    ...manifest.functions.map(({ limits }) => limits.timeoutSeconds),
  );
  const triggers =
    queue === "service-bus"
      ? { serviceBus: serviceBusSettings(longestSeconds) }
      : { queues: storageQueueSettings(manifest) };
  const settings = {
    version: "2.0",
    // The worker of Node finds its triggers here: https://learn.microsoft.com/azure/azure-functions/extension-bundles
    extensionBundle: {
      id: "Microsoft.Azure.Functions.ExtensionBundle",
      version: "[4.0.0, 5.0.0)",
    },
    functionTimeout: timeSpan(longestSeconds + SLACK_SECONDS),
    extensions: { http: { routePrefix: "" }, ...triggers },
    logging: {
      applicationInsights: {
        samplingSettings: { isEnabled: true, excludedTypes: "Exception;Request" },
      },
    },
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#host-json */
function storageQueueSettings(manifest: DeployManifest) {
  return {
    messageEncoding: "base64",
    // The host backs off to this while a queue is empty; a minute by default.
    maxPollingInterval: timeSpan(10),
    // Until a message whose invocation broke is seen again.
    visibilityTimeout: timeSpan(commonVisibility(manifest)),
    // Attempts are counted in our envelope, per queue. The host only gives up what breaks the worker each time.
    maxDequeueCount: Math.max(5, ...consumed(manifest).map(({ maxAttempts }) => maxAttempts + 1)),
    batchSize: 16,
    newBatchThreshold: 8,
  };
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus#hostjson-settings */
function serviceBusSettings(longestSeconds: number) {
  return {
    // Locks are a queue's own; this is only how long they are renewed.
    maxAutoLockRenewalDuration: timeSpan(longestSeconds + SLACK_SECONDS),
    maxConcurrentCalls: 16,
    autoCompleteMessages: true,
  };
}

/** The one time that all queues of the app have to agree on; a minute where there is none. */
function commonVisibility(manifest: DeployManifest): number {
  const [first, ...others] = consumed(manifest);
  if (first === undefined) return 60;
  const other = others.find(
    ({ visibilitySeconds }) => visibilitySeconds !== first.visibilitySeconds,
  );
  if (other === undefined) return first.visibilitySeconds;
  throw conflict("extensions.queues.visibilityTimeout", first, other);
}

type Consumed = {
  readonly consumer: string;
  readonly maxAttempts: number;
  readonly visibilitySeconds: number;
};

function consumed({ queues }: DeployManifest): readonly Consumed[] {
  return queues.flatMap(({ consumer, ...queue }) =>
    consumer === undefined ? [] : [{ ...queue, consumer }],
  );
}

function conflict(setting: string, one: Consumed, other: Consumed): Fault {
  return new Fault(
    "invalid_argument",
    `azure.host: "${one.consumer}" needs ${one.visibilitySeconds} s and "${other.consumer}" ${other.visibilitySeconds} s ` +
      `of ${setting}, which an app has once; give their queues one visibilitySeconds (a queue of a webhook or topic ` +
      `has twice its function's timeout), take azure from the targets of one, or deploy with queue "service-bus"`,
    { details: { function: one.consumer, other: other.consumer, setting } },
  );
}

/** Hours, minutes and seconds, as .NET reads them. */
function timeSpan(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
