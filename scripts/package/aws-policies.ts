import * as z from "zod";
import type { Template } from "./serverless.ts";

/**
 * The only wildcards that a resource of ours may hold, and why. An ARN is compared with pseudo parameters and names in
 * place; no action may hold one at all.
 */
export const WILDCARDS: readonly { readonly form: RegExp; readonly why: string }[] = [
  {
    form: /:logs:[^*]+:log-group:\/aws\/lambda\/[a-z0-9-]+:\*$/,
    why: "the streams of one log group, which Lambda names",
  },
  {
    form: /:secretsmanager:[^*]+:secret:[a-z0-9-]+(?:\/(?:[a-z0-9-]+|\*))*-\?{6}$/,
    why: "the six characters that Secrets Manager ends an ARN with",
  },
  {
    form: /:secretsmanager:[^*]+:secret:[a-z0-9-]+(?:\/(?:[a-z0-9-]+|\*))*\/\*$/,
    why: "the parts of a secret's name that only a request tells: tenant, connection, field",
  },
  { form: /:s3:::[^*]+\/\*$/, why: "the objects of one bucket" },
];

/** Resources that somebody has thought about; any other one needs a rule first. */
const ALLOWED_TYPES = new Set([
  "AWS::ApiGatewayV2::Api",
  "AWS::ApiGatewayV2::Integration",
  "AWS::ApiGatewayV2::Route",
  "AWS::ApiGatewayV2::Stage",
  "AWS::CloudWatch::Alarm",
  "AWS::DynamoDB::Table",
  "AWS::Events::EventBus",
  "AWS::Events::Rule",
  "AWS::IAM::Role",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Function",
  "AWS::Lambda::Permission",
  "AWS::Lambda::Url",
  "AWS::Logs::LogGroup",
  "AWS::S3::Bucket",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::Subscription",
  "AWS::SNS::Topic",
  "AWS::SQS::Queue",
  "AWS::SQS::QueuePolicy",
  "AWS::Scheduler::Schedule",
]);

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Statement = z.object({
  Effect: z.string(),
  Action: texts,
  Resource: z.unknown().optional(),
  Principal: z.unknown().optional(),
});
const Policy = z.object({ Statement: z.array(Statement) });
const RoleProperties = z.object({
  AssumeRolePolicyDocument: Policy,
  Policies: z.array(z.object({ PolicyDocument: Policy })).default([]),
});
const DocumentProperties = z.object({ PolicyDocument: Policy });
const PublicAccess = z.object({
  BlockPublicAcls: z.literal(true),
  BlockPublicPolicy: z.literal(true),
  IgnorePublicAcls: z.literal(true),
  RestrictPublicBuckets: z.literal(true),
});

type Properties = Readonly<Record<string, unknown>>;

/** What in a template gives more than it has to, one line each. */
export function awsViolations({ Resources }: Template): readonly string[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
    if (!ALLOWED_TYPES.has(Type)) return [`${id}: no policy speaks of ${Type}; write one`];
    return (rules[Type]?.(Properties) ?? []).map((text) => `${id}: ${text}`);
  });
}

const rules: Readonly<Record<string, (properties: Properties) => readonly string[]>> = {
  "AWS::IAM::Role": (properties) => {
    const { AssumeRolePolicyDocument, Policies } = RoleProperties.parse(properties);
    const granted = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const managed = properties["ManagedPolicyArns"] === undefined ? [] : ["has managed policies"];
    return [
      ...managed,
      ...AssumeRolePolicyDocument.Statement.flatMap(openTo),
      ...granted.flatMap(wideActions),
      ...granted.flatMap(wideResources),
    ];
  },
  "AWS::SQS::QueuePolicy": documentViolations,
  "AWS::S3::BucketPolicy": documentViolations,
  "AWS::S3::Bucket": (properties) => [
    ...(PublicAccess.safeParse(properties["PublicAccessBlockConfiguration"]).success
      ? []
      : ["does not block public access"]),
    ...(properties["AccessControl"] === undefined ? [] : ["has an access control list"]),
  ],
  "AWS::SQS::Queue": ({ SqsManagedSseEnabled: encrypted }) =>
    encrypted === true ? [] : ["is not encrypted"],
};

function documentViolations(properties: Properties): readonly string[] {
  const { Statement: statements } = DocumentProperties.parse(properties).PolicyDocument;
  return [...statements.flatMap(openTo), ...statements.flatMap(wideActions)];
}

type Statement = z.infer<typeof Statement>;

function openTo({ Effect, Principal }: Statement): readonly string[] {
  if (Effect !== "Allow" || Principal === undefined) return [];
  return JSON.stringify(Principal).includes('"*"') ? ["is open to everybody"] : [];
}

function wideActions({ Effect, Action }: Statement): readonly string[] {
  if (Effect !== "Allow") return [];
  return Action.filter((action) => action.includes("*")).map((action) => `allows ${action}`);
}

function wideResources({ Effect, Resource }: Statement): readonly string[] {
  if (Effect !== "Allow") return [];
  return arnsIn(Resource)
    .filter((arn) => /[*?]/.test(arn) && !WILDCARDS.some(({ form }) => form.test(arn)))
    .map((arn) => `allows something on ${arn}`);
}

/** Every text in a resource element: ARNs as they are, and within `Fn::Sub`. */
function arnsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(arnsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(arnsIn);
}
