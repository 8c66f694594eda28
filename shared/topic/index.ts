export { CloudEvent, decodeCloudEvent, encodeCloudEvent } from "./cloud-event.ts";
export type { TopicDriver } from "./driver.ts";
export { envelopeOf, EventMessage } from "./event-message.ts";
export { memoryTopic, type MemoryTopic } from "./memory.ts";
export { type PublishOptions, TopicPublisher } from "./publisher.ts";
export { fanOut, type Subscription } from "./subscription.ts";
export { type EventSchemas, openTopic, topic, type TopicRef } from "./topic.ts";
