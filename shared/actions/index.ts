export { ACTION_TOKENS, deployedActions } from "./deployed-actions.ts";
export { gatewayActions, type GatewayActionsOptions } from "./gateway-actions.ts";
