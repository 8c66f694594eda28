import { app, type HttpRequest, type HttpResponse, type InvocationContext } from "@azure/functions";
import { Fault } from "#shared/errors";
import type { FunctionDefinition, Ports, Trigger } from "#shared/function";
import {
  answerFailure,
  bindAppFunction,
  type BoundFunction,
  type FunctionPrices,
  type InvocationMeta,
} from "#shared/host";
import { BytesResponse } from "./bytes-response.ts";
import { azureHttpCodec } from "./codecs/http.ts";
import { azureQueueCodec } from "./codecs/queue.ts";
import { azureScheduleCodec } from "./codecs/schedule.ts";
import { limits } from "./limits.ts";
import { tariff } from "./tariff.ts";
import { azureRoutes } from "./routes.ts";

const prices: FunctionPrices = { ...tariff, loadOperations: () => import("./operations.ts") };

/** What registration needs of a trigger: data, so that the build can write it down without the code behind it. */
export type AzureBinding =
  | Pick<Extract<Trigger, { kind: "http" }>, "kind" | "routes">
  | { readonly kind: "queue"; readonly queue: { readonly name: string } }
  | { readonly kind: "topic" | "webhook" }
  | Pick<Extract<Trigger, { kind: "schedule" }>, "kind" | "schedule">;

/** One function of the app; its code is loaded on first use. */
export type AzureRegistration = {
  readonly name: string;
  readonly trigger: AzureBinding;
  readonly load: () => Promise<FunctionDefinition>;
};

type Loader = (context: InvocationContext) => Promise<BoundFunction>;

/** The app settings with the account of the queues, by what stands for them. */
const STORAGE_CONNECTION = "AzureWebJobsStorage";
const SERVICE_BUS_CONNECTION = "ServiceBus";

/**
 * Registers every function of the app. All of them share one worker process and start together, so each loads
 * its code when it is first called: a file that throws costs its own function only, and is tried again.
 */
export function azureApp(registrations: readonly AzureRegistration[], ports: Ports): void {
  for (const registration of registrations) {
    const { name, trigger } = registration;
    const loader = createLoader(registration, ports);
    if (trigger.kind === "http") registerHttp(name, trigger.routes, loader, ports);
    else if (trigger.kind === "schedule") registerTimer(name, trigger, loader, ports);
    else registerQueue(name, trigger.kind === "queue" ? trigger.queue.name : name, loader, ports);
  }
}

function registerHttp(
  name: string,
  routes: Parameters<typeof azureRoutes>[0],
  loader: Loader,
  ports: Ports,
): void {
  for (const [index, route] of azureRoutes(routes).entries()) {
    // An Azure function has one route; the underscore cannot occur in a name of ours.
    app.http(index === 0 ? name : `${name}_${index + 1}`, {
      ...route,
      // The pipeline authenticates, the same on every cloud.
      authLevel: "anonymous",
      handler: (request, context) => answerHttp(name, request, context, loader, ports),
    });
  }
}

async function answerHttp(
  name: string,
  request: HttpRequest,
  context: InvocationContext,
  loader: Loader,
  ports: Ports,
): Promise<HttpResponse> {
  try {
    const meta = invocationMeta(context, limits.maxHttpSeconds, ports);
    const bound = await loader(context);
    const input = await azureHttpCodec.decode(request);
    return new BytesResponse(azureHttpCodec.encode(await bound.http(input, meta)));
  } catch (thrown) {
    const failed = { id: context.invocationId, function: name, runtime: "azure" };
    return new BytesResponse(azureHttpCodec.encode(answerFailure(thrown, failed, ports)));
  }
}

/** Messages come from where the queue's driver sends them. */
function registerQueue(name: string, queueName: string, loader: Loader, ports: Ports): void {
  const handler = async (entry: unknown, context: InvocationContext): Promise<void> => {
    const meta = invocationMeta(context, limits.maxEventSeconds, ports);
    const bound = await loader(context);
    const { triggerMetadata } = context;
    const deliveries = azureQueueCodec.decode({ entry, triggerMetadata });
    azureQueueCodec.encode(await bound.messages(deliveries, meta));
  };
  if (ports.queue.name === "azure-service-bus") {
    app.serviceBusQueue(name, { queueName, connection: SERVICE_BUS_CONNECTION, handler });
  } else {
    app.storageQueue(name, { queueName, connection: STORAGE_CONNECTION, handler });
  }
}

function registerTimer(
  name: string,
  { schedule }: Extract<AzureBinding, { kind: "schedule" }>,
  loader: Loader,
  ports: Ports,
): void {
  app.timer(name, {
    schedule: azureScheduleCodec.compile(schedule),
    async handler(timer, context) {
      const meta = invocationMeta(context, limits.maxEventSeconds, ports);
      const slot = azureScheduleCodec.decode({ timer, nowMs: ports.clock.now() });
      const bound = await loader(context);
      await bound.tick(slot, meta);
    },
  });
}

/** Concurrent first calls share one load; a failed one is forgotten, so that the next call tries again. */
function createLoader({ name, load }: AzureRegistration, ports: Ports): Loader {
  let pending: Promise<BoundFunction> | undefined;
  return (context) => {
    pending ??= load().then(
      (definition) =>
        bindAppFunction(() => import("#shared/schedules"), definition, ports, "azure", prices),
      (cause: unknown) => {
        pending = undefined;
        context.error(`azure.load: the code of "${name}" could not be loaded`, cause);
        throw new Fault("unavailable", `azure.load: "${name}" could not be loaded; see its log`, {
          origin: "platform",
          cause,
        });
      },
    );
    return pending;
  };
}

/** Azure does not say how long an invocation may still run, so its limit is counted down from here. */
function invocationMeta(
  { invocationId }: InvocationContext,
  limitSeconds: number,
  { clock }: Ports,
): InvocationMeta {
  const endMs = clock.now() + limitSeconds * 1000;
  return { id: invocationId, remainingMs: () => endMs - clock.now() };
}
