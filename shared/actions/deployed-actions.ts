import { Fault } from "#shared/errors";
import { type ActionDriver, type Ports, requiredSetting, type Settings } from "#shared/function";
import { secretReader } from "#shared/secrets";
import { gatewayActions } from "./gateway-actions.ts";

/** Below this name every tenant has the API key that its functions call actions with. */
export const ACTION_TOKENS = "action-tokens";

/** What a tenant may be called to have a token of its own. */
const TENANT = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Actions of a deployment, the same on every cloud: by HTTPS at `AUTERITY_ACTIONS_URL_<INTEGRATION>` or, without one,
 * `AUTERITY_ACTIONS_URL`, with the tenant's own API key from the secret `action-tokens/<tenant>`. A changed key counts
 * within five minutes. A call throws `failed_precondition` where the address or the secret is missing.
 */
export function deployedActions(
  settings: Settings,
  ports: Pick<Ports, "secrets" | "clock" | "random">,
  runtime: string,
): ActionDriver {
  return gatewayActions({
    runtime,
    urlOf(integration) {
      const own = settings[`AUTERITY_ACTIONS_URL_${constantCase(integration)}`];
      if (own !== undefined && own !== "") return own;
      return requiredSetting(settings, "AUTERITY_ACTIONS_URL", "where actions of integrations are");
    },
    async tokenOf(tenant) {
      if (!TENANT.test(tenant)) throw noToken();
      const token = await secretReader(ports).read(`${ACTION_TOKENS}/${tenant}`);
      if (token === undefined) throw noToken();
      return token.reveal();
    },
  });
}

function constantCase(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

function noToken(): Fault {
  return new Fault(
    "failed_precondition",
    `actions.call: the tenant has no "${ACTION_TOKENS}/<tenant>"; store one of its API keys there`,
    { origin: "platform" },
  );
}
