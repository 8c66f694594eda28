export { backoff } from "./backoff.ts";
export { type Capability, needs, type Portable, products } from "./capabilities.ts";
export type { BaseContext, Context } from "./context.ts";
export {
  defineFunction,
  type FunctionDefinition,
  type HandlerInput,
  type Limits,
  type Message,
  type Prepared,
  type RawRequest,
  type Target,
  type Tick,
  type TopicEvent,
  type WebhookEvent,
} from "./define-function.ts";
export type { Clients, ClientScope, Grant, ResourceDefinition, Uses } from "./grant.ts";
export { bodyBytes, bodyText, type HttpInput, type HttpOutput } from "./http.ts";
export type { ActionCall, ActionDriver, Clock, MeterDriver, Ports, Random } from "./ports.ts";
export {
  ack,
  deadLetter,
  isReply,
  type QueueOutcome,
  type Reply,
  reply,
  retry,
} from "./results.ts";
export { type Lazily, lazily } from "./lazily.ts";
export { cron, every, type Schedule, toCron } from "./schedule.ts";
export { chosenSetting, publicSettings, requiredSetting, type Settings } from "./settings.ts";
export { type JsonLimits, parseJson, type SentJson, sentJson } from "./strict-json.ts";
export {
  httpTrigger,
  type HttpTrigger,
  type Method,
  queueTrigger,
  type QueueTrigger,
  type Route,
  scheduleTrigger,
  type ScheduleTrigger,
  topicTrigger,
  type TopicTrigger,
  type Trigger,
  webhookTrigger,
  type WebhookTrigger,
} from "./triggers.ts";
export { type ServicePorts, ungranted } from "./ungranted.ts";
export { noteUse, type Use } from "./use.ts";
