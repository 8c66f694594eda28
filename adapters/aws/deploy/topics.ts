import type { DeployManifest, DeployTopic } from "#shared/plan";
import { eventBridgeSource } from "../drivers/topic-eventbridge.ts";
import type { AwsNames, AwsOptions } from "./names.ts";
import { queueId } from "./queues.ts";
import { arnOf, logicalId, POLICY_VERSION, type Properties, type Resource } from "./template.ts";

/** A topic or rule that may send to a queue. */
type Source = { readonly queue: string; readonly service: string; readonly arn: Properties };

/** The topics with their subscriptions, and what lets them into the subscribers' queues. */
export function topicsOf(
  { topics }: DeployManifest,
  names: AwsNames,
  options: AwsOptions,
): readonly Resource[] {
  if (topics.length === 0) return [];
  const byBus = options.topics === "eventbridge";
  const made = topics.flatMap((topic) => (byBus ? rulesOf(topic) : topicOf(topic, names)));
  const sources = topics.flatMap((topic) => sourcesOf(topic, byBus));
  const bus = { id: BUS, Type: "AWS::Events::EventBus", Properties: { Name: names.deployment } };
  return [...(byBus ? [bus] : []), ...made, ...policiesOf(sources)];
}

const BUS = "EventBus";

/** https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html */
function topicOf({ name, subscriptions }: DeployTopic, { prefix }: AwsNames): readonly Resource[] {
  const id = logicalId(name, "Topic");
  const topic = {
    id,
    Type: "AWS::SNS::Topic",
    Properties: { TopicName: `${prefix}${name}` },
  };
  const subscribed = subscriptions.map(({ queue, types }) => ({
    id: logicalId(`${name}-${queue}`, "Subscription"),
    Type: "AWS::SNS::Subscription",
    Properties: {
      TopicArn: { Ref: id },
      Protocol: "sqs",
      Endpoint: arnOf(queueId(queue)),
      RawMessageDelivery: true,
      FilterPolicyScope: "MessageAttributes",
      FilterPolicy: { "ce-type": types },
    },
  }));
  return [topic, ...subscribed];
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
function rulesOf({ name, subscriptions }: DeployTopic): readonly Resource[] {
  return subscriptions.map(({ queue, types }) => ({
    id: ruleId(name, queue),
    Type: "AWS::Events::Rule",
    Properties: {
      EventBusName: { Ref: BUS },
      EventPattern: { source: [eventBridgeSource(name)], "detail-type": types },
      Targets: [{ Id: queueId(queue), Arn: arnOf(queueId(queue)) }],
    },
  }));
}

function ruleId(topic: string, queue: string): string {
  return logicalId(`${topic}-${queue}`, "Rule");
}

function sourcesOf({ name, subscriptions }: DeployTopic, byBus: boolean): readonly Source[] {
  return subscriptions.map(({ queue }) =>
    byBus
      ? { queue, service: "events.amazonaws.com", arn: arnOf(ruleId(name, queue)) }
      : { queue, service: "sns.amazonaws.com", arn: { Ref: logicalId(name, "Topic") } },
  );
}

/** https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html */
function policiesOf(sources: readonly Source[]): readonly Resource[] {
  return [...Map.groupBy(sources, ({ queue }) => queue)].map(([queue, group]) => ({
    id: logicalId(queue, "QueuePolicy"),
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [{ Ref: queueId(queue) }],
      PolicyDocument: {
        Version: POLICY_VERSION,
        Statement: group.map(({ service, arn }) => ({
          Effect: "Allow",
          Principal: { Service: service },
          Action: ["sqs:SendMessage"],
          Resource: [arnOf(queueId(queue))],
          Condition: { ArnEquals: { "aws:SourceArn": arn } },
        })),
      },
    },
  }));
}
