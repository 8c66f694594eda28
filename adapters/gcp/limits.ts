import type { CloudLimits } from "#shared/host";

/** What this cloud can carry: https://cloud.google.com/functions/quotas */
export const limits = {
  maxRequestBytes: 32 * 1024 * 1024,
  maxResponseBytes: 32 * 1024 * 1024,
  // https://cloud.google.com/pubsub/quotas#resource_limits
  maxMessageBytes: 10_000_000,
  maxHttpSeconds: 3600,
  // Pub/Sub's longest acknowledgement deadline: https://cloud.google.com/pubsub/docs/lease-management
  maxEventSeconds: 600,
  maxNameLength: 63,
} as const satisfies CloudLimits;
