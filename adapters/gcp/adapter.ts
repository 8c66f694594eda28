import type { Adapter } from "#shared/host";
import { gcpHttpCodec } from "./codecs/http.ts";
import { gcpQueueCodec } from "./codecs/queue.ts";
import { gcpScheduleCodec } from "./codecs/schedule.ts";
import { prices } from "./prices.ts";

/** Cloud Run functions through the Functions Framework, always with the `http` signature. */
export default {
  name: "gcp",
  codecs: { http: gcpHttpCodec, queue: gcpQueueCodec, schedule: gcpScheduleCodec },
  price: prices,
  // https://cloud.google.com/functions/quotas
  limits: {
    maxRequestBytes: 32 * 1024 * 1024,
    maxResponseBytes: 32 * 1024 * 1024,
    // https://cloud.google.com/pubsub/quotas#resource_limits
    maxMessageBytes: 10_000_000,
    maxHttpSeconds: 3600,
    // Pub/Sub's longest acknowledgement deadline: https://cloud.google.com/pubsub/docs/lease-management
    maxEventSeconds: 600,
    maxNameLength: 63,
  },
} as const satisfies Adapter;
