import { decodeCloudEvent } from "#shared/topic";
import { expect, it } from "vitest";
import eventBridge from "../fixtures/eventbridge-event.json" with { type: "json" };
import sns from "../fixtures/sns-notification.json" with { type: "json" };
import { awsQueueCodec } from "./queue.ts";

/** A message as Lambda gets it: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function received(body: string) {
  return {
    Records: [
      {
        messageId: "059f36b4-87a3-44ab-83d2-661975830a7d",
        receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
        body,
        attributes: {
          ApproximateReceiveCount: "2",
          SentTimestamp: "1545082649183",
          SenderId: "AIDAIENQZJOLO23YVJ4VO",
          ApproximateFirstReceiveTimestamp: "1545082649185",
        },
        messageAttributes: {},
        md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
        eventSource: "aws:sqs",
        eventSourceARN: "arn:aws:sqs:us-east-2:123456789012:to-crm",
        awsRegion: "us-east-2",
      },
    ],
  };
}

it.each([
  ["sns, not delivered raw", JSON.stringify(sns, undefined, 2)],
  ["sns, delivered raw", sns.Message],
  ["eventbridge", JSON.stringify(eventBridge)],
])("%s: handle, count and event", (_, body) => {
  const [delivery] = awsQueueCodec.decode(received(body));
  expect(delivery).toMatchObject({
    handle: "059f36b4-87a3-44ab-83d2-661975830a7d",
    receiveCount: 2,
  });
  expect(decodeCloudEvent(delivery?.body ?? "")).toMatchObject({
    id: "e-1",
    type: "order.placed",
    auteritytenant: "acme",
    data: { n: 1 },
  });
});

it.each([
  ["another service's event", { ...eventBridge, source: "aws.ec2", detail: { state: "running" } }],
  ["a confirmation of SNS", { ...sns, Type: "SubscriptionConfirmation", Token: "2336412f37" }],
])("hands over %s as it is", (_, message) => {
  const body = JSON.stringify(message);
  expect(awsQueueCodec.decode(received(body))).toMatchObject([{ body }]);
});
