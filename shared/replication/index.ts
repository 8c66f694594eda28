export { CloudState, type CloudStateOptions } from "./cloud-state.ts";
export { type LeaseTimes, Members, MembershipRows } from "./membership.ts";
export { type PeerRequest, type SendToPeer } from "./peer-calls.ts";
export { MAX_CALL_BYTES, PeerAnswer } from "./peer-wire.ts";
export { promote } from "./promote.ts";
export { Replica, type ReplicaOptions, type ReplicaStatus } from "./replica.ts";
export { type Replicated, replicated, type Spread, spreadOf } from "./replicated.ts";
export {
  type ReplicatedRow,
  ReplicatedState,
  type ReplicatedStateOptions,
} from "./replicated-state.ts";
export type { ShippingStatus } from "./shipping.ts";
export { copyAll, type Peer, ship, type Shipped } from "./ship.ts";
export {
  decodeVersion,
  isSame,
  type Join,
  lastWriter,
  mergedBy,
  Version,
  writtenAtMs,
} from "./version.ts";
