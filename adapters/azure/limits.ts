import type { CloudLimits } from "#shared/host";

/** What this cloud can carry: https://learn.microsoft.com/azure/azure-functions/functions-scale#service-limits */
export const limits = {
  maxRequestBytes: 100 * 1024 * 1024,
  maxResponseBytes: 100 * 1024 * 1024,
  // 64 KiB after base64: https://learn.microsoft.com/azure/storage/queues/scalability-targets
  maxMessageBytes: 48 * 1024,
  // The load balancer's idle timeout: https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout
  maxHttpSeconds: 230,
  maxEventSeconds: 600,
  // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
  maxNameLength: 60,
} as const satisfies CloudLimits;
