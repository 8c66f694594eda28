import { Fault } from "#shared/errors";
import type { StateDriver } from "#shared/state";
import type { Endpoint, Network } from "./network.ts";
import type { Life } from "./simulated-node.ts";

/** A store at a place in the network. */
export type StorePlace = Endpoint & { readonly driver: StateDriver };

/** The store as code of one life sees it: behind the network. */
export function remoteState(network: Network, life: Life, place: StorePlace): StateDriver {
  const { driver } = place;
  const call = <T>(work: () => Promise<T>): Promise<T> => network.call(life, place, work);
  return {
    name: `${place.name} from ${life.node.name}`,
    read: (key) => call(() => driver.read(key, undefined)),
    write: (write) => call(() => driver.write(write, undefined)),
    transact: (writes) => call(() => driver.transact(writes, undefined)),
    list: (range) => call(() => driver.list(range, undefined)),
    codeOf: (error) => (Fault.is(error) ? error.code : driver.codeOf(error)),
    close: async () => {},
  };
}
