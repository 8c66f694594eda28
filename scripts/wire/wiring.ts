import type { FunctionDefinition, Target } from "#shared/function";
import { ownQueue } from "#shared/plan";
import { labelOf } from "#shared/terraform";
import { logicalId } from "../../adapters/aws/deploy/template.ts";
import type { DeployedCloud } from "../plan/deployed-cloud.ts";
import type { Arguments } from "../plan/rendered-resources.ts";
import { consolePath } from "./console-paths.ts";
import { outsideSource, type OutsideSource } from "./outside-sources.ts";

/** How calls reach one function on one cloud. */
export type Wiring = {
  readonly target: Target;
  /** What stands between the source and the function, in the order of a call. */
  readonly hops: readonly string[];
  /** Where to see it in the cloud's console. */
  readonly console: readonly string[];
  /** What of the rendered files makes it, by type and label. */
  readonly snippet: ReadonlyMap<string, Arguments>;
  /** How to let a source in that is not ours. */
  readonly outside: OutsideSource;
};

/** The kinds of resources that carry calls, beside the function itself. */
const CARRIERS =
  /^(?:function\.|AWS::(?:SQS::Queue|SNS::|Events::|Scheduler::|Lambda::(?:EventSourceMapping|Url|Permission))|azurerm_(?:storage_queue|servicebus_queue|eventgrid_)|google_(?:pubsub_(?:topic|subscription)\.|cloud_scheduler_job|cloud_run_service_iam_member\.(?:public|callers?)_))/;

/** Reads a function's wiring off what was rendered for a cloud. */
export function wiringOf(definition: FunctionDefinition, cloud: DeployedCloud): Wiring {
  const queue = ownQueue(definition);
  const labels = new Set([...labelsOf(definition, queue), ...logicalIdsOf(definition, queue)]);
  const snippet = new Map(
    [...cloud.resources].filter(
      ([id]) => CARRIERS.test(id) && labels.has(id.slice(id.lastIndexOf(".") + 1)),
    ),
  );
  return {
    target: cloud.target,
    hops: hopsOf(definition, cloud, queue),
    console: consolePath(definition, cloud, snippet),
    snippet,
    outside: outsideSource(definition, cloud),
  };
}

/** What renderers call the resources that carry a function's calls. */
function labelsOf({ name, trigger }: FunctionDefinition, queue: string | undefined): string[] {
  const labels = [
    [name],
    ...["public", "caller", "callers"].map((who) => [who, name]),
    ...(queue === undefined ? [] : [[queue], ["queue", queue]]),
    ...(trigger.kind === "topic" ? [["topic", trigger.topic.name, name]] : []),
  ];
  return labels.map((parts) => labelOf(...parts));
}

/** The same in CloudFormation; the function itself goes by its name. */
function logicalIdsOf({ name, trigger }: FunctionDefinition, queue: string | undefined): string[] {
  return [
    name,
    logicalId(name, "Schedule"),
    ...(queue === undefined ? [] : [logicalId(queue, "Queue"), logicalId(queue, "QueuePolicy")]),
    ...(trigger.kind === "topic"
      ? ["Subscription", "Rule"].map((kind) => logicalId(`${trigger.topic.name}-${name}`, kind))
      : []),
  ];
}

const BROKERS: Readonly<Record<Target, string>> = {
  aws: "SQS queue",
  azure: "Storage queue",
  gcp: "Pub/Sub topic and push subscription",
};
const CLOCKS: Readonly<Record<Target, string>> = {
  aws: "EventBridge schedule",
  azure: "timer of the Functions host",
  gcp: "Cloud Scheduler job",
};
const BUSES: Readonly<Record<Target, string>> = {
  aws: "SNS topic or EventBridge rule",
  azure: "Event Grid topic",
  gcp: "Pub/Sub topic",
};

function hopsOf(
  { name, trigger }: FunctionDefinition,
  { target, compileSchedule }: DeployedCloud,
  queue: string | undefined,
): readonly string[] {
  const broker = `${BROKERS[target]} "${queue ?? name}"`;
  switch (trigger.kind) {
    case "http":
      return [
        ...trigger.routes.map(({ method, path, auth }) => `${method} ${path} (${auth})`),
        name,
      ];
    case "schedule":
      return [`${CLOCKS[target]}: ${compileSchedule(trigger.schedule)}, in UTC`, name];
    case "queue":
      return [`whoever is granted send on queue "${queue ?? name}"`, broker, name];
    case "webhook":
      return [
        `POST /v1/webhooks/${trigger.integration}/{connection}: ${trigger.events.join(", ")}`,
        `integration-${trigger.integration}, which verifies and stores the event`,
        broker,
        name,
      ];
    case "topic":
      return [
        `${BUSES[target]} "${trigger.topic.name}": ${trigger.events.join(", ")}`,
        broker,
        name,
      ];
  }
}
