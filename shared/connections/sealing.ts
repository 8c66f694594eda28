export { openKeyRing } from "./key-ring.ts";
export { isSignedFor, readMasterKeys, signFor } from "./master-key.ts";
export { tokensOf } from "./open-tokens.ts";
