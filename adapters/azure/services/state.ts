import { chosenSetting, type Clock, type Ports, type Settings } from "#shared/function";
import { cosmosState } from "../drivers/state-cosmos.ts";
import { tableState } from "../drivers/state-table.ts";
import { accountSetting } from "./account-setting.ts";

type Make = (settings: Settings, clock: Pick<Clock, "now">) => Ports["state"];

const states = {
  cosmos: (settings, clock) =>
    cosmosState({
      account: accountSetting(settings, "AUTERITY_COSMOS_ACCOUNT"),
      database: settings["AUTERITY_COSMOS_DATABASE"] ?? "auterity",
      clock,
    }),
  table: (settings) => tableState(accountSetting(settings, "AUTERITY_TABLE_ACCOUNT")),
} satisfies Record<string, Make>;

/**
 * State in Cosmos DB, or with `AUTERITY_STATE=table` in Table Storage. Throws `failed_precondition` for a setting that
 * is missing or unknown.
 */
export function azureState(settings: Settings, clock: Pick<Clock, "now">): Ports["state"] {
  return states[chosenSetting(settings, "AUTERITY_STATE", ["cosmos", "table"])](settings, clock);
}
