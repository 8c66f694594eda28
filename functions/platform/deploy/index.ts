export { deployEvent } from "./deploy-event.ts";
export { deployNotify } from "./deploy-notify.ts";
export { deploySettings } from "./deploy-settings.ts";
export { deployStart } from "./deploy-start.ts";
export { deployState } from "./deploy-state.ts";
export { deployStep } from "./deploy-step.ts";
