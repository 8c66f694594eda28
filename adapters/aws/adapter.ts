import type { Adapter } from "#shared/host";
import { awsHttpCodec } from "./codecs/http.ts";
import { awsQueueCodec } from "./codecs/queue.ts";
import { awsScheduleCodec } from "./codecs/schedule.ts";
import { limits } from "./limits.ts";
import { prices } from "./prices.ts";

/** AWS Lambda behind function URLs, SQS and EventBridge. */
export default {
  name: "aws",
  codecs: { http: awsHttpCodec, queue: awsQueueCodec, schedule: awsScheduleCodec },
  price: prices,
  limits,
} as const satisfies Adapter;
