export type { Adapter, CloudLimits, InstanceProfile } from "./adapter.ts";
export { answerFailure, type FailedInvocation } from "./answer-failure.ts";
export { bindFunction, bindHttp, bindMessages, bindTicks, type BoundFunction } from "./bind.ts";
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
export { decodeTopicMessage } from "./topic-event.ts";
