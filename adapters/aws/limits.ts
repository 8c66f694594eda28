import type { CloudLimits } from "#shared/host";

/** What this cloud can carry: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const limits = {
  maxRequestBytes: 6 * 1024 * 1024,
  maxResponseBytes: 6 * 1024 * 1024,
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
  maxMessageBytes: 1024 * 1024,
  maxHttpSeconds: 900,
  maxEventSeconds: 900,
  maxNameLength: 64,
} as const satisfies CloudLimits;
