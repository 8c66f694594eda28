import type { Adapter } from "#shared/host";
import { azureHttpCodec } from "./codecs/http.ts";
import { azureQueueCodec } from "./codecs/queue.ts";
import { azureScheduleCodec } from "./codecs/schedule.ts";
import { prices } from "./prices.ts";

/** Azure Functions, programming model v4 for Node, Consumption plan. */
export default {
  name: "azure",
  codecs: { http: azureHttpCodec, queue: azureQueueCodec, schedule: azureScheduleCodec },
  price: prices,
  // https://learn.microsoft.com/azure/azure-functions/functions-scale#service-limits
  limits: {
    maxRequestBytes: 100 * 1024 * 1024,
    maxResponseBytes: 100 * 1024 * 1024,
    // 64 KiB after base64: https://learn.microsoft.com/azure/storage/queues/scalability-targets
    maxMessageBytes: 48 * 1024,
    // The load balancer's idle timeout: https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout
    maxHttpSeconds: 230,
    maxEventSeconds: 600,
    // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
    maxNameLength: 60,
  },
} as const satisfies Adapter;
