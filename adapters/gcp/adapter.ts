import type { Adapter } from "#shared/host";
import { gcpHttpCodec } from "./codecs/http.ts";
import { gcpQueueCodec } from "./codecs/queue.ts";
import { gcpScheduleCodec } from "./codecs/schedule.ts";
import { limits } from "./limits.ts";
import { operations } from "./operations.ts";
import { prices } from "./prices.ts";

/** Cloud Run functions through the Functions Framework, always with the `http` signature. */
export default {
  name: "gcp",
  codecs: { http: gcpHttpCodec, queue: gcpQueueCodec, schedule: gcpScheduleCodec },
  price: prices,
  operations,
  limits,
  // Medians for Node by https://github.com/faas-benchmarking/faasdom, idle times by https://mikhail.io/serverless/coldstarts/
  // Start-up is billed: https://cloud.google.com/run/pricing
  instances: { keepAliveMs: 15 * 60_000, coldMs: 1900, coldBilledMs: 1900 },
} as const satisfies Adapter;
