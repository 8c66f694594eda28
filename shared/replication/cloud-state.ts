import { Fault } from "#shared/errors";
import type { Ports } from "#shared/function";
import { type StateDriver, type StateKey, type StateMethod, stateOverCalls } from "#shared/state";
import { type Lease, MembershipRows, type Standing } from "./membership.ts";
import { PeerCalls, type SendToPeer } from "./peer-calls.ts";
import { lastWriter } from "./version.ts";
import type { Spread } from "./replicated.ts";
import { ReplicatedState } from "./replicated-state.ts";

export type CloudStateOptions = {
  /** The cloud this runs on. */
  readonly cloud: string;
  /** Its own store. */
  readonly driver: StateDriver;
  readonly spread: Spread;
  readonly key: string;
  readonly send: SendToPeer;
  readonly ports: Pick<Ports, "clock" | "random">;
};

/** How long a function may be wrong about who the members are. A lease, not this, keeps homes apart. */
const BELIEVED_MS = 2_000;

/**
 * State as functions of one cloud have it: stores that every cloud has for itself, stores of which each has a copy, and
 * stores that one cloud is home to, reached over the network from the others. To the portable class it is a driver like
 * any other. Throws `aborted` while there is no home, and `failed_precondition` on a cloud that was given up for lost.
 */
export class CloudState implements StateDriver {
  readonly name: string;
  readonly #options: CloudStateOptions;
  readonly #home: ReadonlySet<string>;
  readonly #spread: ReadonlySet<string>;
  readonly #rows: MembershipRows;
  readonly #calls: PeerCalls;
  #standing: Standing | undefined;
  #believedUntilMs = 0;
  #lease: Lease | undefined;
  #own: { readonly epoch: number; readonly state: ReplicatedState } | undefined;

  constructor(options: CloudStateOptions) {
    const { cloud, driver, spread, key, send, ports } = options;
    this.name = driver.name;
    this.#options = options;
    this.#home = new Set(spread.home);
    this.#spread = new Set([...spread.home, ...spread.replicated]);
    this.#rows = new MembershipRows(driver, membershipStore(spread));
    const epoch = (): number => this.#standing?.epoch ?? 0;
    this.#calls = new PeerCalls({ cloud, key, send, ports, epoch });
  }

  async read(...[key, signal]: Parameters<StateDriver["read"]>): ReturnType<StateDriver["read"]> {
    return (await this.#of(key)).read(key, signal);
  }

  async write(
    ...[write, signal]: Parameters<StateDriver["write"]>
  ): ReturnType<StateDriver["write"]> {
    return (await this.#of(write.key)).write(write, signal);
  }

  async transact(
    ...[writes, signal]: Parameters<StateDriver["transact"]>
  ): ReturnType<StateDriver["transact"]> {
    return (await this.#of(writes[0]?.key ?? { store: "" })).transact(writes, signal);
  }

  async list(...[range, signal]: Parameters<StateDriver["list"]>): ReturnType<StateDriver["list"]> {
    return (await this.#of(range)).list(range, signal);
  }

  codeOf(error: unknown): ReturnType<StateDriver["codeOf"]> {
    return Fault.is(error) ? error.code : this.#options.driver.codeOf(error);
  }

  close(): Promise<void> {
    return this.#options.driver.close();
  }

  /** The driver that a store is to be had from now. */
  async #of({ store }: Pick<StateKey, "store">): Promise<StateDriver> {
    const { driver, cloud } = this.#options;
    if (!this.#spread.has(store)) return driver;
    const standing = await this.#members();
    if (!standing.clouds.includes(cloud)) throw givenUp(cloud);
    if (!this.#home.has(store)) return this.#replicated(standing);
    if (standing.home !== cloud) return this.#remote(standing.home);
    await this.#checkLease(standing.epoch);
    return this.#replicated(standing);
  }

  async #members(): Promise<Standing> {
    const nowMs = this.#options.ports.clock.now();
    if (this.#standing !== undefined && nowMs < this.#believedUntilMs) return this.#standing;
    const standing = await this.#rows.standing();
    if (standing === undefined) throw noHome("the clouds have not met yet");
    this.#standing = standing;
    this.#believedUntilMs = nowMs + BELIEVED_MS;
    return standing;
  }

  async #checkLease(epoch: number): Promise<void> {
    const isValid = (): boolean =>
      this.#lease?.epoch === epoch && this.#lease.untilMs > this.#options.ports.clock.now();
    if (isValid()) return;
    this.#lease = await this.#rows.lease();
    if (!isValid()) throw noHome("this cloud has lost touch with the others");
  }

  #replicated({ epoch, clouds }: Standing): ReplicatedState {
    if (this.#own?.epoch === epoch) return this.#own.state;
    const { cloud, driver, ports } = this.#options;
    // Only who takes rows of others joins versions.
    const stores = [...this.#spread].map((store) => ({ store, join: lastWriter }));
    const peers = clouds.filter((other) => other !== cloud);
    const state = new ReplicatedState({ driver, stores, peers, ports });
    this.#own = { epoch, state };
    return state;
  }

  #remote(home: string): StateDriver {
    const call = (
      method: StateMethod,
      params: unknown,
      signal: AbortSignal | undefined,
    ): Promise<unknown> =>
      this.#calls.call(home, method, params, signal).catch((thrown: unknown) => {
        // Perhaps another is home by now.
        this.#believedUntilMs = 0;
        throw thrown;
      });
    return stateOverCalls(home, call);
  }
}

/** The store in which a cloud keeps who the members are. Throws `failed_precondition` where no store spans clouds. */
export function membershipStore({ home, replicated }: Spread): string {
  const store = home[0] ?? replicated[0];
  if (store !== undefined) return store;
  throw new Fault(
    "failed_precondition",
    "replication.open: no store is declared to span clouds; leave replication out",
  );
}

/** Nothing was written, so it may be tried again as it is. */
export function noHome(why: string): Fault {
  return new Fault("aborted", `replication.home: ${why}; try again, or promote another cloud`, {
    origin: "platform",
    retryAfterMs: BELIEVED_MS,
  });
}

export function givenUp(cloud: string): Fault {
  return new Fault(
    "failed_precondition",
    `replication.members: ${cloud} was given up for lost; make it a new replica with an empty store`,
    { origin: "platform" },
  );
}
