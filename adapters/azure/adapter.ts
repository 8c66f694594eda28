import type { Adapter } from "#shared/host";
import { azureHttpCodec } from "./codecs/http.ts";
import { azureQueueCodec } from "./codecs/queue.ts";
import { azureScheduleCodec } from "./codecs/schedule.ts";
import { limits } from "./limits.ts";
import { prices } from "./prices.ts";

/** Azure Functions, programming model v4 for Node, Consumption plan. */
export default {
  name: "azure",
  codecs: { http: azureHttpCodec, queue: azureQueueCodec, schedule: azureScheduleCodec },
  price: prices,
  limits,
} as const satisfies Adapter;
