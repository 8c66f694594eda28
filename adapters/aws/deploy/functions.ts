import type { DeployFunction, DeployManifest } from "#shared/plan";
import { type AwsNames, type AwsOptions, awsNames } from "./names.ts";
import { queueId } from "./queues.ts";
import { roleId } from "./roles.ts";
import { timeoutOf } from "./timeout.ts";
import { arnOf, attribute, functionId, type Properties, sub, type Value } from "./template.ts";

/** A function as `serverless.yml` describes it. */
export function functionOf(
  definition: DeployFunction,
  manifest: DeployManifest,
  options: AwsOptions,
): Properties {
  const { name, summary, limits, trigger } = definition;
  const names = awsNames(options);
  const events = eventsOf(definition, options);
  return {
    name: `${names.prefix}${name}`,
    description: summary,
    handler: `${name}.handler`,
    package: { artifact: `.build/packages/aws/${name}.zip` },
    role: roleId(name),
    memorySize: limits.memoryMb,
    timeout: timeoutOf(definition),
    ...(trigger.kind === "http" && options.front !== "http-api" ? { url: true } : {}),
    ...(events.length === 0 ? {} : { events }),
    environment: environmentOf(definition, manifest, names, options),
  };
}

/** Schedules are resources of their own: https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html */
function eventsOf({ trigger }: DeployFunction, { front }: AwsOptions): readonly Properties[] {
  if (trigger.kind === "queue") {
    const sqs = {
      arn: arnOf(queueId(trigger.queue)),
      batchSize: trigger.batch,
      functionResponseType: "ReportBatchItemFailures",
    };
    return [{ sqs }];
  }
  if (trigger.kind !== "http" || front !== "http-api") return [];
  return trigger.routes.map(({ method, path }) => ({
    httpApi: { method, path: path.replaceAll(/:(\w+)/g, "{$1}") },
  }));
}

/** The settings that the services of what it uses read. */
function environmentOf(
  { permissions }: DeployFunction,
  manifest: DeployManifest,
  names: AwsNames,
  options: AwsOptions,
): Properties {
  const kinds = new Set(permissions.map(({ kind }) => kind));
  const byBus = options.topics === "eventbridge";
  return {
    AUTERITY_NAME_PREFIX: names.prefix,
    ...when(kinds.has("state"), { AUTERITY_STATE_TABLE: names.deployment }),
    ...when(kinds.has("queue"), {
      AUTERITY_QUEUE_URL: sub("https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}"),
    }),
    ...when(kinds.has("topic") && !byBus, {
      AUTERITY_TOPIC_ARN: sub("arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}"),
    }),
    ...when(kinds.has("topic") && byBus, {
      AUTERITY_TOPIC: "eventbridge",
      AUTERITY_EVENT_BUS: names.deployment,
    }),
    ...when(kinds.has("blob"), { AUTERITY_BUCKET_PREFIX: sub(names.bucketPrefix) }),
    ...actionUrls(permissions, manifest, options),
  };
}

function when(condition: boolean, settings: Properties): Properties {
  return condition ? settings : {};
}

/** Where the integrations are whose actions it calls; one that is not on AWS has to be named by hand. */
function actionUrls(
  permissions: DeployFunction["permissions"],
  manifest: DeployManifest,
  { front }: AwsOptions,
): Properties {
  const called = permissions
    .filter(({ kind }) => kind === "action")
    .map(({ resource }) => resource.split(".")[0] ?? "");
  const integrations = [...new Set(called)].filter((integration) =>
    manifest.functions.some(({ name }) => name === `integration-${integration}`),
  );
  if (integrations.length === 0) return {};
  if (front === "http-api") return { AUTERITY_ACTIONS_URL: attribute("HttpApi", "ApiEndpoint") };
  return Object.fromEntries(
    integrations.map((integration): [string, Value] => [
      `AUTERITY_ACTIONS_URL_${integration.toUpperCase().replaceAll("-", "_")}`,
      attribute(`${functionId(`integration-${integration}`)}Url`, "FunctionUrl"),
    ]),
  );
}
