import { Fault } from "#shared/errors";
import { type DeployManifest, type NameRule, physicalNames } from "#shared/plan";

/** Where and as what a deployment is made. */
export type AwsOptions = {
  /** Stands in every name, so that stages share an account: `dev`, `staging`, `prod`. */
  readonly stage: string;
  /** As AWS calls it: `eu-central-1`. */
  readonly region: string;
  /** How HTTP reaches functions: a URL for each (default), or one HTTP API before all of them. */
  readonly front?: "function-url" | "http-api";
  /** What carries topics: SNS (default), or one EventBridge bus. */
  readonly topics?: "sns" | "eventbridge";
};

const dashed = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const rules = {
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html; the schedule and its role are named alike:
  // https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
  function: { what: "Lambda function", minLength: 1, maxLength: 64, pattern: dashed },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
  queue: { what: "SQS queue", minLength: 1, maxLength: 80, pattern: dashed },
  // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
  topic: { what: "SNS topic", minLength: 1, maxLength: 256, pattern: dashed },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  bucket: { what: "S3 bucket", minLength: 3, maxLength: 63, pattern: dashed },
} satisfies Record<string, NameRule>;

/** A stage as `serverless.yml` names it: `npx serverless deploy --stage prod` needs no rendering of its own. */
export const STAGE_VARIABLE = "${sls:stage}";
/** The longest stage for which names are checked when the variable stands in its place. */
const LONGEST_STAGE = "x".repeat(12);
/** Account ids have twelve digits: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
const ANY_ACCOUNT = "0".repeat(12);
/** The topic that alarms go to. */
export const ALARMS = "alarms";

/** What everything of ours is called in AWS. */
export type AwsNames = {
  /** `auterity-<stage>-`: what the drivers put before the names of queues, topics and secrets. */
  readonly prefix: string;
  /** The same for buckets, whose names are everybody's. */
  readonly bucketPrefix: string;
  /** Of the table, and of the bus where there is one. */
  readonly deployment: string;
};

/** The names of a stage, which are the prefix and ours. */
export function awsNames({ stage }: Pick<AwsOptions, "stage">): AwsNames {
  const prefix = `auterity-${stage}-`;
  return { prefix, bucketPrefix: `${prefix}\${AWS::AccountId}-`, deployment: `auterity-${stage}` };
}

/** Throws `invalid_argument`, naming ours, where AWS would not take a name, or two would be one. */
export function checkNames(manifest: DeployManifest, { stage }: Pick<AwsOptions, "stage">): void {
  const checked = stage === STAGE_VARIABLE ? LONGEST_STAGE : stage;
  if (!/^[a-z][a-z0-9]*$/.test(checked)) {
    throw new Fault(
      "invalid_argument",
      `aws.names: "${stage}" is no stage; use lower-case letters and digits, such as dev or prod`,
    );
  }
  const { functions, queues, topics, buckets } = manifest;
  const prefixed = (name: string): string => `auterity-${checked}-${name}`;
  physicalNames(rules.function, namesOf(functions), prefixed);
  physicalNames(rules.queue, namesOf(queues), prefixed);
  physicalNames(rules.topic, namesOf(topics), prefixed);
  physicalNames(rules.bucket, namesOf(buckets), (name) => prefixed(`${ANY_ACCOUNT}-${name}`));
  if (namesOf(topics).includes(ALARMS)) {
    throw new Fault(
      "invalid_argument",
      `aws.names: the topic "${ALARMS}" is the one that alarms go to; rename yours`,
    );
  }
}

function namesOf(named: readonly { readonly name: string }[]): readonly string[] {
  return named.map(({ name }) => name);
}
