export type { Adapter, CloudLimits, InstanceProfile } from "./adapter.ts";
export { answerFailure, type FailedInvocation } from "./answer-failure.ts";
export {
  bindAppFunction,
  bindHttp,
  type Binding,
  bindMessages,
  type BoundFunction,
  type FunctionPrices,
  type Slot,
} from "./bind.ts";
export { bindFunction, bindTicks } from "./bind-function.ts";
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
