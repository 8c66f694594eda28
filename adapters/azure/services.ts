import {
  chosenSetting,
  type Clock,
  type Ports,
  requiredSetting,
  type Settings,
} from "#shared/function";
import type { AzureAccount } from "./drivers/account.ts";
import { managedIdentity } from "./drivers/managed-identity.ts";
import { serviceBusQueue } from "./drivers/queue-service-bus.ts";
import { storageQueue } from "./drivers/queue-storage.ts";
import { cosmosState } from "./drivers/state-cosmos.ts";
import { tableState } from "./drivers/state-table.ts";

type Make<Driver> = (settings: Settings, clock: Pick<Clock, "now">) => Driver;

const states = {
  cosmos: (settings, clock) =>
    cosmosState({
      account: accountOf(settings, "AUTERITY_COSMOS_ACCOUNT"),
      database: settings["AUTERITY_COSMOS_DATABASE"] ?? "auterity",
      clock,
    }),
  table: (settings) => tableState(accountOf(settings, "AUTERITY_TABLE_ACCOUNT")),
} satisfies Record<string, Make<Ports["state"]>>;

const queues = {
  "storage-queue": (settings) => storageQueue(accountOf(settings, "AUTERITY_QUEUE_ACCOUNT")),
  "service-bus": (settings, clock) =>
    serviceBusQueue({ account: accountOf(settings, "AUTERITY_SERVICE_BUS_ACCOUNT"), clock }),
} satisfies Record<string, Make<Ports["queue"]>>;

/**
 * The services of Azure that a function works on, as its settings name them: `AUTERITY_STATE` chooses between Cosmos DB
 * and Table Storage, `AUTERITY_QUEUE` between Storage Queue and Service Bus. No SDK is loaded before a service is used.
 * Throws `failed_precondition` for a setting that is missing or unknown.
 */
export function azureServices(
  settings: Settings,
  clock: Pick<Clock, "now">,
): Pick<Ports, "state" | "queue"> {
  const state = chosenSetting(settings, "AUTERITY_STATE", ["cosmos", "table"]);
  const queue = chosenSetting(settings, "AUTERITY_QUEUE", ["storage-queue", "service-bus"]);
  return { state: states[state](settings, clock), queue: queues[queue](settings, clock) };
}

/** By connection string where the setting holds one; else an endpoint, reached with the app's own identity. */
export function accountOf(settings: Settings, name: string): AzureAccount {
  const value = requiredSetting(settings, name, "an account: its endpoint or connection string");
  if (value.includes(";")) return { connectionString: value };
  return { endpoint: value, identity: managedIdentity(settings["AZURE_CLIENT_ID"]) };
}
