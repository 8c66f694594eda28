export { loadSealing } from "./load-sealing.ts";
export { connectionGrants, openAuthorizer } from "./open-authorizer.ts";
export {
  ConnectionRecord,
  connectionRecords,
  connectionTokens,
  isConnectionName,
  type KeyPorts,
  MASTER_KEY,
  recordKey,
  type RecordStore,
  renderMasterKey,
  type TokenStore,
} from "./records.ts";
export type { KeyRing } from "./key-ring.ts";
export { readStored } from "./stored-connection.ts";
