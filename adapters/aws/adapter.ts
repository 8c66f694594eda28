import type { Adapter } from "#shared/host";
import { awsHttpCodec } from "./codecs/http.ts";
import { awsQueueCodec } from "./codecs/queue.ts";
import { awsScheduleCodec } from "./codecs/schedule.ts";
import { prices } from "./prices.ts";

/** AWS Lambda behind function URLs, SQS and EventBridge. */
export default {
  name: "aws",
  codecs: { http: awsHttpCodec, queue: awsQueueCodec, schedule: awsScheduleCodec },
  price: prices,
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  limits: {
    maxRequestBytes: 6 * 1024 * 1024,
    maxResponseBytes: 6 * 1024 * 1024,
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
    maxMessageBytes: 1024 * 1024,
    maxHttpSeconds: 900,
    maxEventSeconds: 900,
    maxNameLength: 64,
  },
} as const satisfies Adapter;
