import type { Adapter } from "#shared/host";
import { azureHttpCodec } from "./codecs/http.ts";
import { azureQueueCodec } from "./codecs/queue.ts";
import { azureScheduleCodec } from "./codecs/schedule.ts";
import { limits } from "./limits.ts";
import { operations } from "./operations.ts";
import { prices } from "./prices.ts";

/** Azure Functions, programming model v4 for Node, Consumption plan. */
export default {
  name: "azure",
  codecs: { http: azureHttpCodec, queue: azureQueueCodec, schedule: azureScheduleCodec },
  price: prices,
  operations,
  limits,
  // Medians for Node by https://github.com/faas-benchmarking/faasdom, idle times by https://mikhail.io/serverless/coldstarts/
  // Start-up is not billed: https://azure.microsoft.com/pricing/details/functions/
  instances: { keepAliveMs: 20 * 60_000, coldMs: 2480, coldBilledMs: 0 },
} as const satisfies Adapter;
