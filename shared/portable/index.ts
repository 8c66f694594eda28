export { Attempts, unknownOutcome } from "./attempts.ts";
export { batchesOf, sendBatches } from "./batches.ts";
export { escapeKey, prefixEnd, unescapeKey } from "./escape-key.ts";
export { only } from "./only.ts";
