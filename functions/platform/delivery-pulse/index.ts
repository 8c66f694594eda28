export { pulseDigest } from "./pulse-digest.ts";
export { pulseFold } from "./pulse-fold.ts";
export { pulsePublish } from "./pulse-publish.ts";
export { pulseSettings } from "./pulse-settings.ts";
export { pulseState } from "./pulse-state.ts";
