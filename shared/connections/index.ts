export { type KeyPorts, dataKeys } from "./data-keys.ts";
export { type KeyRing, openKeyRing } from "./key-ring.ts";
export { isSignedFor, MASTER_KEY, readMasterKeys, renderMasterKey, signFor } from "./master-key.ts";
export {
  ConnectionRecord,
  connectionRecords,
  connectionTokens,
  Health,
  isConnectionName,
  recordKey,
  type RecordStore,
  type TokenStore,
} from "./records.ts";
export { readStored } from "./stored-connection.ts";
export {
  connectionGrants,
  type OpenedFor,
  openAuthorizer,
  tokensOf,
  type TokensOf,
} from "./open-tokens.ts";
