import { type ActionDriver, lazily } from "#shared/function";

export type GatewayActionsOptions = {
  /** Where the actions of an integration answer: a gateway, or the integration's own front door. */
  readonly urlOf: (integration: string) => string;
  /** The bearer token that acts for a tenant. */
  readonly tokenOf: (tenant: string) => string | Promise<string>;
  /** Where this process runs, which is where its actions run too. */
  readonly runtime: string;
};

/** Actions by HTTP, as anybody else calls them. What makes the requests is loaded by the first call. */
export function gatewayActions(options: GatewayActionsOptions): ActionDriver {
  const caller = lazily(async () => {
    const { actionCaller } = await import("./action-caller.ts");
    return actionCaller(options);
  });
  return { name: "gateway", call: async (call, signal) => (await caller())(call, signal) };
}
