import { Fault } from "#shared/errors";
import type { ActionDriver } from "#shared/function";
import { gatewayActions } from "#shared/actions";

export type LocalActionsOptions = {
  readonly gatewayUrl: string;
  readonly token: string;
  /** Where this process runs, which is where its actions run too. */
  readonly runtime: string;
};

/** Actions through the local gateway, whose one token is that of the only tenant there is. */
export function localActions({ gatewayUrl, token, runtime }: LocalActionsOptions): ActionDriver {
  return gatewayActions({
    runtime,
    urlOf: () => gatewayUrl,
    tokenOf(tenant) {
      if (tenant === "default") return token;
      throw new Fault("permission_denied", "actions.call: locally there is only tenant default");
    },
  });
}
