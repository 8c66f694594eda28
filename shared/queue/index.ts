export { claimCheck, claimsBucket } from "./claims.ts";
export { decodeEnvelope, encodeEnvelope, nextAttempt } from "./codec.ts";
export type { DriverSendResult, OutgoingMessage, QueueDriver } from "./driver.ts";
export { Envelope, MAX_MESSAGE_BODY_BYTES } from "./envelope.ts";
export { memoryQueue, type MemoryQueue } from "./memory.ts";
export { deadLetterQueue, openQueue, queue, type QueueRef } from "./queue.ts";
export type { QueueReceiver, Received, ReceivedSettlement } from "./receiver.ts";
export { type QueuePorts, QueueSender, type SendOptions, type SendResult } from "./sender.ts";
