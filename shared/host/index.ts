export type { Adapter, CloudLimits } from "./adapter.ts";
export { answerFailure, type FailedInvocation } from "./answer-failure.ts";
export { bindFunction, type BoundFunction } from "./bind.ts";
export { checkHeaders } from "./check-headers.ts";
export type {
  Delivery,
  HttpCodec,
  InvocationMeta,
  QueueCodec,
  ScheduleCodec,
  Settlement,
} from "./codecs.ts";
export { clientAddress } from "./forwarded-for.ts";
export { deployedPorts } from "./deployed-ports.ts";
export { type Need, needsOf, ownQueue, pipelineUses } from "./pipeline-uses.ts";
export { decodeTopicMessage } from "./topic-event.ts";
