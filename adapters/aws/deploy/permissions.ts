import {
  type CloudPermissions,
  type DeployFunction,
  type DeployManifest,
  forTarget,
  mergePermissions,
  type Permission,
  modelsNotDeployed,
} from "#shared/plan";
import { type AwsNames, type AwsOptions, awsNames } from "./names.ts";

/** What a function may do with one resource. ARNs hold `${AWS::Region}` and its like. */
export type Statement = {
  readonly resource: string;
  readonly actions: readonly string[];
  /** Of a table of many stores: only partitions that begin with this store. */
  readonly store?: string;
};

const HERE = "${AWS::Region}:${AWS::AccountId}";

/**
 * What DynamoDB has to allow for a verb: to resolve a lost answer a write reads its row back.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
const tableActions: Readonly<Record<string, readonly string[]>> = {
  get: ["dynamodb:GetItem"],
  list: ["dynamodb:Query"],
  create: ["dynamodb:GetItem", "dynamodb:PutItem"],
  put: ["dynamodb:GetItem", "dynamodb:PutItem"],
  update: ["dynamodb:GetItem", "dynamodb:PutItem"],
  delete: ["dynamodb:DeleteItem", "dynamodb:GetItem"],
  transact: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"],
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const objectActions: Readonly<Record<string, readonly string[]>> = {
  get: ["s3:GetObject"],
  list: [],
  put: ["s3:GetObject", "s3:PutObject"],
  delete: ["s3:DeleteObject", "s3:GetObject"],
  // What a signed URL allows is no more than its signer may do.
  sign: ["s3:GetObject", "s3:PutObject"],
};

/**
 * What each function's own role allows, by function: exact actions on ARNs. A store is a part of the table, and its
 * ARN here is followed by the leading keys that the policy's condition asks for.
 */
export function permissionsAws(
  manifest: DeployManifest,
  options: Pick<AwsOptions, "stage" | "topics"> = { stage: "dev" },
): CloudPermissions {
  const { functions } = forTarget(manifest, "aws");
  return new Map(
    functions.map((definition) => {
      const statements = statementsOf(definition, options).map(({ resource, actions, store }) => ({
        resource: store === undefined ? resource : `${resource} ${leadingKeys(store)}`,
        actions,
      }));
      return [definition.name, mergePermissions(statements)] as const;
    }),
  );
}

/** The partitions of a store: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
export function leadingKeys(store: string): string {
  return `${store}/*`;
}

/** What a function's role allows. */
export function statementsOf(
  { name, permissions, trigger }: DeployFunction,
  options: Pick<AwsOptions, "stage" | "topics">,
): readonly Statement[] {
  const names = awsNames(options);
  const own = trigger.kind === "queue" ? [consumption(trigger.queue, names)] : [];
  return [
    logging(name, names),
    ...own,
    ...permissions.flatMap((permission) => statementsFor(permission, names, options)),
  ];
}

function statementsFor(
  { kind, resource, verbs }: Permission,
  names: AwsNames,
  { topics = "sns" }: Pick<AwsOptions, "topics">,
): readonly Statement[] {
  const each = (table: Readonly<Record<string, readonly string[]>>): readonly string[] =>
    [...new Set(verbs.flatMap((verb) => table[verb] ?? []))].toSorted();
  switch (kind) {
    case "state":
      return [{ resource: tableArn(names), actions: each(tableActions), store: resource }];
    case "queue":
      return [{ resource: queueArn(resource, names), actions: ["sqs:SendMessage"] }];
    case "topic":
      return [publishing(resource, names, topics)];
    case "blob":
      return bucketStatements(resource, names, each(objectActions));
    case "secret":
      return [{ resource: secretArn(resource, names), actions: ["secretsmanager:GetSecretValue"] }];
    case "models":
      throw modelsNotDeployed(resource);
    case "action":
      // By HTTPS with a key of the tenant's, which is a secret of its own.
      return [];
  }
}

/** Of the table that holds all stores. */
function tableArn({ deployment }: AwsNames): string {
  return `arn:\${AWS::Partition}:dynamodb:${HERE}:table/${deployment}`;
}

function queueArn(queue: string, { prefix }: AwsNames): string {
  return `arn:\${AWS::Partition}:sqs:${HERE}:${prefix}${queue}`;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#events-sqs-permissions */
function consumption(queue: string, names: AwsNames): Statement {
  const actions = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
  return { resource: queueArn(queue, names), actions };
}

function publishing(
  topic: string,
  { prefix, deployment }: AwsNames,
  topics: NonNullable<AwsOptions["topics"]>,
): Statement {
  if (topics === "sns") {
    const resource = `arn:\${AWS::Partition}:sns:${HERE}:${prefix}${topic}`;
    return { resource, actions: ["sns:Publish"] };
  }
  const resource = `arn:\${AWS::Partition}:events:${HERE}:event-bus/${deployment}`;
  return { resource, actions: ["events:PutEvents"] };
}

/** Who may not list a bucket is told 403 of an absent object: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
function bucketStatements(
  bucket: string,
  { bucketPrefix }: AwsNames,
  actions: readonly string[],
): readonly Statement[] {
  const arn = `arn:\${AWS::Partition}:s3:::${bucketPrefix}${bucket}`;
  const listing = { resource: arn, actions: ["s3:ListBucket"] };
  return actions.length === 0 ? [listing] : [listing, { resource: `${arn}/*`, actions }];
}

/**
 * The service ends a secret's ARN with six characters of its own
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html); a pattern's last part
 * covers them, and an absent secret, too.
 */
function secretArn(secret: string, { prefix }: AwsNames): string {
  const arn = `arn:\${AWS::Partition}:secretsmanager:${HERE}:secret:${prefix}${secret}`;
  return secret.endsWith("*") ? arn : `${arn}-??????`;
}

/** The streams of its own log group, which deployment makes. */
function logging(name: string, { prefix }: AwsNames): Statement {
  return {
    resource: `arn:\${AWS::Partition}:logs:${HERE}:log-group:/aws/lambda/${prefix}${name}:*`,
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
  };
}
