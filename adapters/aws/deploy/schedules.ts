import type { DeployManifest } from "#shared/plan";
import { awsScheduleCodec } from "../codecs/schedule.ts";
import type { AwsNames } from "./names.ts";
import { arnOf, functionId, logicalId, POLICY_VERSION, type Resource, trust } from "./template.ts";

/** A slot is fenced, so trying again is safe; what is an hour late waits for the next slot. */
const RETRIES = { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3_600 };

/** What the codec reads; the service fills in the slot: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const INPUT = JSON.stringify({
  source: "aws.scheduler",
  "detail-type": "Scheduled Event",
  time: "<aws.scheduler.scheduled-time>",
});

/** EventBridge Scheduler's schedules, each with a role that may start its function and nothing else. */
export function schedulesOf(
  { functions }: DeployManifest,
  { prefix }: AwsNames,
): readonly Resource[] {
  return functions.flatMap(({ name, trigger }) => {
    if (trigger.kind !== "schedule") return [];
    const role = logicalId(name, "ScheduleRole");
    const target = arnOf(functionId(name));
    return [
      {
        id: logicalId(name, "Schedule"),
        Type: "AWS::Scheduler::Schedule",
        Properties: {
          Name: `${prefix}${name}`,
          ScheduleExpression: awsScheduleCodec.compile(trigger.schedule),
          ScheduleExpressionTimezone: "UTC",
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: { Arn: target, RoleArn: arnOf(role), Input: INPUT, RetryPolicy: RETRIES },
        },
      },
      {
        id: role,
        Type: "AWS::IAM::Role",
        Properties: {
          AssumeRolePolicyDocument: trust("scheduler.amazonaws.com"),
          Policies: [
            {
              PolicyName: "start",
              PolicyDocument: {
                Version: POLICY_VERSION,
                Statement: [
                  { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [target] },
                ],
              },
            },
          ],
        },
      },
    ];
  });
}
