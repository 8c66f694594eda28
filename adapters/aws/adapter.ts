import type { Adapter } from "#shared/host";
import { awsHttpCodec } from "./codecs/http.ts";
import { awsQueueCodec } from "./codecs/queue.ts";
import { awsScheduleCodec } from "./codecs/schedule.ts";
import { limits } from "./limits.ts";
import { operations } from "./operations.ts";
import { prices } from "./prices.ts";

/** AWS Lambda behind function URLs, SQS and EventBridge. */
export default {
  name: "aws",
  codecs: { http: awsHttpCodec, queue: awsQueueCodec, schedule: awsScheduleCodec },
  price: prices,
  operations,
  limits,
  // Medians for Node by https://github.com/faas-benchmarking/faasdom, idle times by https://mikhail.io/serverless/coldstarts/
  // Lambda bills its init phase since 2025-08: https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
  instances: { keepAliveMs: 6 * 60_000, coldMs: 300, coldBilledMs: 130 },
} as const satisfies Adapter;
