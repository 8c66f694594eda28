// Apart from the client for vendors, which every function would load with it.
export { ACTION_TOKENS, deployedActions } from "./deployed-actions.ts";
export { gatewayActions, type GatewayActionsOptions } from "./gateway-actions.ts";
