import * as z from "zod";

/** The host's expressions have seconds: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions */
const schedule = z.string().min(9).max(120);
/** The name of the setting that says where the queue is. */
const connection = z.string().min(1).max(128);
/** https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata */
const queueName = z.string().regex(/^[a-z0-9](?:-?[a-z0-9]){2,62}$/);
/** https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas */
const entity = z.string().min(1).max(260);

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options"] as const;

/** What starts a function, in the words of its actions. */
export const Trigger = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("http"),
    /** Who may call: https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#http-auth */
    auth: z.enum(["anonymous", "function", "admin"]).default("function"),
    methods: z.array(z.enum(METHODS)).min(1).default(["get", "post"]),
    /** Below the app's prefix, `api`; the function's name when left out. */
    route: z.string().min(1).max(256).optional(),
  }),
  z.object({ kind: z.literal("timer"), schedule }),
  z.object({ kind: z.literal("storage-queue"), queueName, connection }),
  z.object({ kind: z.literal("service-bus-queue"), queueName: entity, connection }),
  z.object({
    kind: z.literal("service-bus-topic"),
    topicName: entity,
    subscriptionName: entity,
    connection,
  }),
  z.object({ kind: z.literal("event-grid") }),
]);

/** A trigger as it is found: one that we do not write is told by the vendor's type. */
export const FoundTrigger = z.union([
  Trigger,
  z.object({ kind: z.literal("other"), type: z.string() }),
]);

type Binding = Readonly<Record<string, unknown>>;

/** A trigger in the words of `function.json`: https://learn.microsoft.com/azure/azure-functions/functions-triggers-bindings */
export function bindingsOf(trigger: z.output<typeof Trigger>): readonly Binding[] {
  const input = { name: "trigger", direction: "in" };
  switch (trigger.kind) {
    case "http": {
      const { auth: authLevel, methods, route } = trigger;
      const given = route === undefined ? {} : { route };
      return [
        { ...input, type: "httpTrigger", authLevel, methods, ...given },
        { name: "$return", direction: "out", type: "http" },
      ];
    }
    case "timer":
      return [{ ...input, type: "timerTrigger", schedule: trigger.schedule }];
    case "storage-queue":
    case "service-bus-queue": {
      const { kind, queueName: queue, connection: setting } = trigger;
      const type = kind === "storage-queue" ? "queueTrigger" : "serviceBusTrigger";
      return [{ ...input, type, queueName: queue, connection: setting }];
    }
    case "service-bus-topic": {
      const { kind: _, ...where } = trigger;
      return [{ ...input, type: "serviceBusTrigger", ...where }];
    }
    case "event-grid":
      return [{ ...input, type: "eventGridTrigger" }];
  }
}

const kinds: Readonly<Record<string, z.output<typeof Trigger>["kind"]>> = {
  httpTrigger: "http",
  timerTrigger: "timer",
  queueTrigger: "storage-queue",
  eventGridTrigger: "event-grid",
};

const Config = z.object({ bindings: z.array(z.looseObject({ type: z.string() })).optional() });

/** The trigger among the bindings of a function; `undefined` where the vendor tells none. */
export function triggerOf(config: unknown): z.output<typeof FoundTrigger> | undefined {
  const bindings = Config.safeParse(config).data?.bindings ?? [];
  const binding = bindings.find(({ type }) => /trigger$/i.test(type));
  if (binding === undefined) return undefined;
  const { type, ...rest } = binding;
  const bus = "topicName" in rest ? "service-bus-topic" : "service-bus-queue";
  const kind =
    type === "serviceBusTrigger" ? bus : Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  const found = Trigger.safeParse({
    ...rest,
    kind,
    ...(type === "httpTrigger" ? spelled(binding) : {}),
  });
  return found.success ? found.data : { kind: "other", type };
}

/** Hosts write levels and methods as they like, and without methods all are meant. */
function spelled({ authLevel, methods }: Readonly<Record<string, unknown>>) {
  const named = z.array(z.string()).min(1).safeParse(methods).data ?? METHODS;
  return {
    auth: typeof authLevel === "string" ? authLevel.toLowerCase() : "function",
    methods: named.map((method) => method.toLowerCase()),
  };
}
