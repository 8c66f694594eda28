import * as z from "zod";

// https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html; only as wide as our use.
const notification = {
  Type: z.literal("Notification"),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  Timestamp: z.string(),
  MessageAttributes: z
    .record(z.string(), z.object({ Type: z.string(), Value: z.string() }))
    .optional(),
};

/** https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html */
const event = z.object({
  id: z.string(),
  "detail-type": z.string(),
  source: z.string(),
  account: z.string(),
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const change = z.object({
  eventName: z.string(),
  eventTime: z.string(),
  awsRegion: z.string(),
  s3: z.object({
    bucket: z.object({ name: z.string(), arn: z.string() }),
    /** The key is encoded as in a URL. */
    object: z.object({
      key: z.string(),
      size: z.number().optional(),
      eTag: z.string().optional(),
      versionId: z.string().optional(),
      sequencer: z.string().optional(),
    }),
  }),
});

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html */
const message = z.object({
  messageId: z.string(),
  body: z.string(),
  attributes: z.record(z.string(), z.string()),
  eventSource: z.literal("aws:sqs"),
  eventSourceARN: z.string(),
  awsRegion: z.string(),
});

/** What topics deliver, by what is in it. */
export const events = {
  eventbridge: z.object({ ...notification, Message: event }),
  s3: z.object({ ...notification, Message: z.object({ Records: z.array(change).min(1) }) }),
  sqs: z.object({ ...notification, Message: z.union([message, z.array(message).min(1)]) }),
  /** Text, or JSON of whoever published it. */
  sns: z.object({ ...notification, Message: z.json() }),
};
