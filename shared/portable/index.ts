export { Attempts, unknownOutcome } from "./attempts.ts";
export { escapeKey, prefixEnd, unescapeKey } from "./escape-key.ts";
export { only } from "./only.ts";
