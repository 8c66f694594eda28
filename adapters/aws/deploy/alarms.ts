import type { DeployManifest } from "#shared/plan";
import { ALARMS, type AwsNames } from "./names.ts";
import { queueId } from "./queues.ts";
import { attribute, functionId, logicalId, type Properties, type Resource } from "./template.ts";

type Metric = {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Statistic: "Sum" | "Maximum";
  readonly Dimensions: readonly Properties[];
};

const TOPIC = "AlarmTopic";

/**
 * Alarms at the first error and the first throttled call of a function and the first message in a dead-letter queue, to
 * a topic that somebody has to subscribe to. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function alarmsOf(
  { functions, queues }: DeployManifest,
  names: AwsNames,
): readonly Resource[] {
  const { prefix } = names;
  const ofFunctions = functions.flatMap(({ name }) =>
    ["Errors", "Throttles"].map((metric) =>
      alarmOf(logicalId(name, `${metric}Alarm`), `${prefix}${name}-${metric.toLowerCase()}`, {
        Namespace: "AWS/Lambda",
        MetricName: metric,
        Statistic: "Sum",
        Dimensions: [{ Name: "FunctionName", Value: { Ref: functionId(name) } }],
      }),
    ),
  );
  const dead = queues.flatMap(({ deadLetterQueue }) => deadLetterQueue ?? []);
  const ofQueues = dead.map((name) =>
    alarmOf(logicalId(name, "DepthAlarm"), `${prefix}${name}-depth`, {
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Statistic: "Maximum",
      Dimensions: [{ Name: "QueueName", Value: attribute(queueId(name), "QueueName") }],
    }),
  );
  const topic = {
    id: TOPIC,
    Type: "AWS::SNS::Topic",
    Properties: { TopicName: `${prefix}${ALARMS}` },
  };
  return [topic, ...ofFunctions, ...ofQueues];
}

function alarmOf(id: string, name: string, metric: Metric): Resource {
  return {
    id,
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmName: name,
      ...metric,
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
      AlarmActions: [{ Ref: TOPIC }],
    },
  };
}
