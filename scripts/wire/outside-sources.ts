import type { FunctionDefinition, Target } from "#shared/function";
import { logicalId } from "../../adapters/aws/deploy/template.ts";
import type { DeployedCloud } from "../plan/deployed-cloud.ts";

/** How something that is not ours starts a function: in words, and what to add where a snippet can say it. */
export type OutsideSource = {
  readonly text: string;
  readonly source: string;
  readonly snippet: Readonly<Record<string, unknown>> | undefined;
};

/** The tenant for whom such events are: nobody can say so but who wires them. */
const TENANT = "default";

const NOT_OURS =
  "takes only what our own functions send: let a function with a topic trigger take the outside event, and grant it send";

const CLOCK_ONLY =
  "nothing but its clock starts it: let another function with a topic trigger take the outside event";

/**
 * How an event of the cloud itself, such as an object that was created, reaches a function. It has to become an event
 * of ours on the way (CloudEvents 1.0 with a tenant); what is none is put aside in the dead-letter queue.
 */
export function outsideSource(
  definition: FunctionDefinition,
  { target }: DeployedCloud,
): OutsideSource {
  const { name, trigger } = definition;
  if (trigger.kind === "http") {
    const text =
      "anything that can send HTTP: a bearer key of ours, or the vendor's signature on a public route";
    return { text, source: "docs/guides/event-wiring.md", snippet: undefined };
  }
  if (trigger.kind !== "topic") {
    const text = trigger.kind === "schedule" ? CLOCK_ONLY : `${name} ${NOT_OURS}`;
    return { text, source: "docs/guides/event-wiring.md", snippet: undefined };
  }
  const [type = ""] = trigger.events;
  return OUTSIDE[target]({ name, type });
}

type Subscriber = { readonly name: string; readonly type: string };

const OUTSIDE: Readonly<Record<Target, (subscriber: Subscriber) => OutsideSource>> = {
  aws: ({ name, type }) => ({
    text: "S3: switch on EventBridge for the bucket (Properties > Amazon EventBridge), then a rule writes our event into the function's queue, whose policy has to let events.amazonaws.com send",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html",
    snippet: objectCreatedRule(type, logicalId(name, "Queue")),
  }),
  azure: ({ name }) => ({
    text: `Event Grid cannot write our event from that of a system topic: subscribe an HTTP function of yours (Storage account > Events > Event Subscription > Web Hook, a delivery property Authorization with its key), let it answer the validation request and publish to the topic that ${name} subscribes to`,
    source: "https://learn.microsoft.com/azure/event-grid/webhook-event-delivery",
    snippet: undefined,
  }),
  gcp: ({ name, type }) => ({
    text: `Cloud Storage: notifications of the bucket go to a Pub/Sub topic (gcloud storage buckets notifications create); a second push subscription with the push_config of "${name}" writes our event on the way. Eventarc ends in the same kind of topic`,
    source: "https://docs.cloud.google.com/pubsub/docs/smts/udfs-overview",
    snippet: {
      google_pubsub_subscription: {
        message_transforms: [
          { javascript_udf: { function_name: "toEvent", code: objectFinalized(type) } },
        ],
      },
    },
  }),
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
function objectCreatedRule(type: string, queue: string): Readonly<Record<string, unknown>> {
  const event = `{"specversion":"1.0","id":"<id>","type":"${type}","source":"aws.s3/<bucket>","time":"<time>","datacontenttype":"application/json","auteritytenant":"${TENANT}","data":<detail>}`;
  return {
    ObjectCreated: {
      Type: "AWS::Events::Rule",
      Properties: {
        EventPattern: { source: ["aws.s3"], "detail-type": ["Object Created"] },
        Targets: [
          {
            Id: "queue",
            Arn: { "Fn::GetAtt": [queue, "Arn"] },
            InputTransformer: {
              InputPathsMap: {
                id: "$.id",
                time: "$.time",
                bucket: "$.detail.bucket.name",
                detail: "$.detail",
              },
              InputTemplate: event,
            },
          },
        ],
      },
    },
  };
}

/** https://cloud.google.com/storage/docs/pubsub-notifications#format */
function objectFinalized(type: string): string {
  return `function toEvent(message, metadata) {
  const { eventType, bucketId, objectId, eventTime } = message.attributes;
  if (eventType !== "OBJECT_FINALIZE") return null;
  const event = {
    specversion: "1.0",
    id: metadata.message_id,
    type: "${type}",
    source: "//storage.googleapis.com/" + bucketId,
    time: eventTime,
    datacontenttype: "application/json",
    auteritytenant: "${TENANT}",
    data: { bucket: bucketId, name: objectId },
  };
  return { data: JSON.stringify(event), attributes: {} };
}`;
}
