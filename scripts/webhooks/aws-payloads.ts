import type { VendorWebhooks } from "#shared/integration";
import * as z from "zod";
import { type Judged, judgeEvent } from "./payloads.ts";

/** Events as Lambda gets them: what a topic carries is in them, alone or as records. */
const byFile = z.record(z.string(), z.looseObject({ Records: z.array(z.unknown()).optional() }));

const Notification = z.looseObject({ Sns: z.looseObject({ MessageId: z.string() }) });
const Message = z.looseObject({ receiptHandle: z.string() });

/**
 * AWS's: events of EventBridge and S3, messages of SQS and notifications of SNS, each within the notification by which a
 * topic delivers it; the other examples are calls of Lambda that no topic makes.
 */
export function judgeAws(payloads: unknown, webhooks: VendorWebhooks): readonly Judged[] {
  return Object.entries(byFile.parse(payloads)).flatMap(([name, payload]) => {
    const carried = carriedBy(payload);
    return carried.map(({ kind, envelope }) => ({
      name,
      refusal: judgeEvent(webhooks, envelope, {}, kind),
    }));
  });
}

type Carried = { readonly kind: string; readonly envelope: unknown };

function carriedBy(payload: z.infer<typeof byFile>[string]): readonly Carried[] {
  if ("detail-type" in payload) return [wrapped("eventbridge", payload)];
  const [first] = payload.Records ?? [];
  if (typeof first !== "object" || first === null) return [];
  if ("s3" in first) return [wrapped("s3", payload)];
  return (payload.Records ?? []).flatMap((record): Carried[] => {
    const notification = Notification.safeParse(record);
    if (notification.success) return [{ kind: "sns", envelope: notification.data.Sns }];
    return Message.safeParse(record).success ? [wrapped("sqs", record)] : [];
  });
}

function wrapped(kind: string, content: unknown): Carried {
  const envelope = {
    Type: "Notification",
    MessageId: "example",
    TopicArn: "arn:aws:sns:eu-west-1:123456789012:events",
    Timestamp: "2026-01-01T00:00:00.000Z",
    Message: JSON.stringify(content),
  };
  return { kind, envelope };
}
