export { withHomeStores } from "./home-stores.ts";
export { promote } from "./promote.ts";
export { type Replicated, replicated } from "./replicated.ts";
export {
  type ReplicatedRow,
  ReplicatedState,
  type ReplicatedStateOptions,
} from "./replicated-state.ts";
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
