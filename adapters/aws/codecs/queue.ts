import { Fault } from "#shared/errors";
import type { Delivery, QueueCodec, Settlement } from "#shared/host";
import * as z from "zod";

/** Only the fields we read of https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const SqsEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      eventSourceARN: z.string(),
      attributes: z.object({
        ApproximateReceiveCount: z.string().regex(/^\d+$/),
        MessageGroupId: z.string().optional(),
      }),
    }),
  ),
});

export type AwsQueueEvent = z.infer<typeof SqsEvent>;

/** With ReportBatchItemFailures; an empty list means that all succeeded, so nothing may be left out by chance. */
const Result = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

export type AwsQueueResult = z.infer<typeof Result>;

/** Lambda's SQS event source mapping. A function that threw has no result: its whole batch comes again. */
export const awsQueueCodec: QueueCodec<unknown, AwsQueueResult, AwsQueueEvent, unknown> = {
  runtime: "aws",
  maxBatch: 10,

  decode(event): readonly Delivery[] {
    const parsed = SqsEvent.safeParse(event);
    // Throwing fails the whole batch: the queue delivers it again, and nothing is lost for being unreadable.
    if (!parsed.success) {
      throw new Fault(
        "invalid_argument",
        "aws.queue: the event is no SQS event; check the mapping",
      );
    }
    return parsed.data.Records.map(({ messageId, body, attributes }) => ({
      handle: messageId,
      body: unwrapped(body),
      receiveCount: Number(attributes.ApproximateReceiveCount),
      group: attributes.MessageGroupId,
    }));
  },

  encode(settlements) {
    return {
      batchItemFailures: settlements
        .filter(({ done }) => !done)
        .map(({ handle }) => ({ itemIdentifier: handle })),
    };
  },

  emulate(queue, deliveries) {
    return {
      Records: deliveries.map(({ handle, body, receiveCount, group }) => ({
        messageId: handle,
        body,
        eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
        attributes: { ApproximateReceiveCount: String(receiveCount), MessageGroupId: group },
      })),
    };
  },

  render(response, deliveries): readonly Settlement[] {
    const result = Result.safeParse(response);
    if (!result.success) return deliveries.map(({ handle }) => ({ handle, done: false }));
    const failed = new Set(
      result.data.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    );
    const known = deliveries.map(({ handle }) => handle);
    // An id that was not in the batch fails the whole batch on SQS.
    const stray = [...failed].some((handle) => !known.includes(handle));
    return known.map((handle) => ({ handle, done: !stray && !failed.has(handle) }));
  },
};

/**
 * The two forms in which a bus hands an event of ours to a queue, when it does not deliver it raw: an SNS notification
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html) and an EventBridge event
 * (https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html).
 */
const Wrapped = z.union([
  z
    .object({
      Type: z.literal("Notification"),
      MessageId: z.string(),
      TopicArn: z.string(),
      Message: z.string(),
    })
    .transform(({ Message }) => Message),
  z
    .object({
      version: z.literal("0"),
      id: z.string(),
      "detail-type": z.string(),
      source: z.string(),
      detail: z.looseObject({ specversion: z.string() }),
    })
    .transform(({ detail }) => JSON.stringify(detail)),
]);

function unwrapped(body: string): string {
  // Most messages are our envelopes; they are parsed once, later.
  if (!body.includes('"TopicArn"') && !body.includes('"detail-type"')) return body;
  try {
    return Wrapped.safeParse(JSON.parse(body)).data ?? body;
  } catch {
    return body;
  }
}
