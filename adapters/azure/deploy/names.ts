import { Fault } from "#shared/errors";
import { type DeployManifest, type NameRule, physicalNames } from "#shared/plan";

/** Where and as what a deployment is made. */
export type AzureOptions = {
  /** Stands in every name, so that stages share a subscription: `dev`, `staging`, `prod`. */
  readonly stage: string;
  /** As Azure calls it: `westeurope`. */
  readonly region: string;
  /** What stands for queues; each app has one kind. */
  readonly queue?: "storage-queue" | "service-bus";
};

/**
 * Five digits that follow from the subscription, for names that are everybody's. Terraform works them out, so a name
 * holds the expression.
 */
export const UNIQUE = "${local.unique}";
const UNIQUE_LENGTH = 5;
/** What {@link UNIQUE} stands for. */
export const uniqueExpression = `\${substr(sha256(data.azurerm_client_config.current.subscription_id), 0, ${UNIQUE_LENGTH})}`;

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
const dashed = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const rules = {
  // Longer ones may share a host id: https://github.com/Azure/azure-functions-host/wiki/Host-IDs
  app: { what: "Azure function app", minLength: 2, maxLength: 32, pattern: dashed },
  account: {
    what: "Azure storage account",
    minLength: 3,
    maxLength: 24,
    pattern: /^[a-z][a-z0-9]*$/,
  },
  cosmos: { what: "Azure Cosmos account", minLength: 3, maxLength: 44, pattern: dashed },
  vault: { what: "Azure key vault", minLength: 3, maxLength: 24, pattern: dashed },
  bus: { what: "Azure Service Bus namespace", minLength: 6, maxLength: 50, pattern: dashed },
  topic: { what: "Azure Event Grid topic", minLength: 3, maxLength: 50, pattern: dashed },
  queue: { what: "Azure queue", minLength: 3, maxLength: 63, pattern: dashed },
  container: { what: "Azure blob container", minLength: 3, maxLength: 63, pattern: dashed },
  store: { what: "Azure Cosmos container", minLength: 1, maxLength: 255, pattern: dashed },
} satisfies Record<string, NameRule>;

/** The names of everything in a deployment to Azure. */
export type AzureNames = {
  /** `auterity-<stage>`: of what is only looked for in its resource group. */
  readonly prefix: string;
  readonly app: string;
  /** The account of the Functions host, with the queues, and the one of our buckets. */
  readonly hostAccount: string;
  readonly dataAccount: string;
  readonly cosmos: string;
  readonly vault: string;
  readonly bus: string;
  /** By our names. */
  readonly topics: ReadonlyMap<string, string>;
};

/**
 * Names everything of a manifest. Queues, stores and buckets keep theirs, because they are in accounts of their own.
 * Throws `invalid_argument` for a name that Azure would not take, and for two that would be one.
 */
export function azureNames(manifest: DeployManifest, { stage }: AzureOptions): AzureNames {
  if (!/^[a-z][a-z0-9]*$/.test(stage)) {
    throw new Fault(
      "invalid_argument",
      `azure.names: "${stage}" is no stage; use lower-case letters and digits, such as dev or prod`,
    );
  }
  const prefix = `auterity-${stage}`;
  const one = (rule: NameRule, name: string): string => named(rule, [stage], () => name, stage);
  checkOwnNames(manifest);
  return {
    prefix,
    app: one(rules.app, `${prefix}-${UNIQUE}`),
    hostAccount: one(rules.account, `auterity${stage}host${UNIQUE}`),
    dataAccount: one(rules.account, `auterity${stage}data${UNIQUE}`),
    cosmos: one(rules.cosmos, `${prefix}-${UNIQUE}`),
    vault: one(rules.vault, `${prefix}-${UNIQUE}`),
    bus: one(rules.bus, `${prefix}-${UNIQUE}`),
    topics: physicalTopics(manifest, prefix),
  };
}

/** Where the Functions host puts a message that it gave up on: its own name for it. */
export function poisonQueue(queue: string): string {
  // https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#poison-messages
  return `${queue}-poison`;
}

/** What keeps its name: things in accounts of the deployment's own. */
function checkOwnNames({ queues, buckets, stores }: DeployManifest): void {
  const poison = queues.flatMap(({ name, consumer }) =>
    consumer === undefined ? [] : [poisonQueue(name)],
  );
  for (const [rule, names] of [
    [rules.queue, [...namesOf(queues), ...poison]],
    [rules.container, namesOf(buckets)],
    [rules.store, namesOf(stores)],
  ] as const) {
    named(rule, names, (name) => name);
  }
}

function namesOf(all: readonly { readonly name: string }[]): readonly string[] {
  return all.map(({ name }) => name);
}

function physicalTopics({ topics }: DeployManifest, prefix: string): ReadonlyMap<string, string> {
  const names = namesOf(topics);
  const withUnique = (name: string): string => `${prefix}-${UNIQUE}-${name}`;
  named(rules.topic, names, withUnique);
  return new Map(names.map((name) => [name, withUnique(name)]));
}

/** Checks names with digits in the place of {@link UNIQUE}; gives the last one as it was. */
function named(
  rule: NameRule,
  names: readonly string[],
  toPhysical: (name: string) => string,
  wanted = "",
): string {
  const digits = "0".repeat(UNIQUE_LENGTH);
  physicalNames(rule, names, (name) => toPhysical(name).replaceAll(UNIQUE, digits));
  return toPhysical(wanted);
}
