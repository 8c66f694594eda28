import type { FunctionDefinition, Target } from "#shared/function";
import type { DeployedCloud } from "../plan/deployed-cloud.ts";
import type { Arguments } from "../plan/rendered-resources.ts";

type Kind = "http" | "schedule" | "queue";
type Names = { readonly name: string; readonly carriers: string };

/** Where each console shows what calls a function. Names are those of the rendered resources. */
const PATHS: Readonly<Record<Target, Readonly<Record<Kind, (names: Names) => readonly string[]>>>> =
  {
    aws: {
      http: ({ name }) => [
        `Lambda > Functions > ${name} > Configuration > Function URL or Triggers`,
        `CloudWatch > Log groups > /aws/lambda/${name}`,
      ],
      schedule: ({ name, carriers }) => [
        `Amazon EventBridge > Scheduler > Schedules > ${carriers}`,
        `Lambda > Functions > ${name} > Configuration > Triggers`,
      ],
      queue: ({ name, carriers }) => [
        `Amazon SQS > Queues > ${carriers} > Lambda triggers`,
        `Lambda > Functions > ${name} > Configuration > Triggers > SQS`,
      ],
    },
    azure: {
      http: ({ name }) => [
        `Function App > Functions > ${name} > Integration > Trigger (HTTP)`,
        "Function App > Overview > Default domain, then the path as it is: there is no /api before it",
      ],
      schedule: ({ name }) => [
        `Function App > Functions > ${name} > Integration > Trigger (Timer)`,
      ],
      queue: ({ name, carriers }) => [
        `Storage accounts > the app's own > Data storage > Queues > ${carriers}`,
        `Function App > Functions > ${name} > Integration > Trigger (Queue)`,
      ],
    },
    gcp: {
      http: ({ name }) => [
        `Cloud Run > Services > ${name} > URL`,
        `Cloud Run > Services > ${name} > Security: who may invoke it`,
      ],
      schedule: ({ carriers }) => [`Cloud Scheduler > Jobs > ${carriers} > Force run, View logs`],
      queue: ({ name, carriers }) => [
        `Pub/Sub > Subscriptions > ${carriers} > Delivery type: push`,
        `Cloud Run > Services > ${name} > Logs`,
      ],
    },
  };

/** The way through the console of a cloud, with the names that this project's resources have there. */
export function consolePath(
  { name, trigger }: FunctionDefinition,
  { target, resources }: DeployedCloud,
  snippet: ReadonlyMap<string, Arguments>,
): readonly string[] {
  const kind = trigger.kind === "http" || trigger.kind === "schedule" ? trigger.kind : "queue";
  const label = name.replaceAll("-", "_");
  const own = (resources.get(`google_cloudfunctions2_function.${label}`) ??
    resources.get(`function.${name}`))?.["name"];
  return PATHS[target][kind]({
    name: typeof own === "string" ? own : name,
    carriers: carrierNames(snippet).join(", ") || name,
  });
}

/** What the resources that carry calls are called, once each. */
function carrierNames(snippet: ReadonlyMap<string, Arguments>): readonly string[] {
  const names = [...snippet].flatMap(([id, block]) => {
    const name = block["name"] ?? block["Name"] ?? block["QueueName"];
    return id.startsWith("function.") || typeof name !== "string" ? [] : [name];
  });
  return [...new Set(names)];
}
