import type { Ports } from "#shared/function";
import { noHome } from "./cloud-state.ts";
import { Members, type Membership } from "./membership.ts";
import type { PeerCalls } from "./peer-calls.ts";

export type HomeKeeperOptions = {
  readonly cloud: string;
  /** All clouds that there were at first. */
  readonly clouds: readonly string[];
  /** Whether the store knew the members already. */
  readonly isKnown: boolean;
  readonly membership: Membership;
  readonly calls: PeerCalls;
  readonly clock: Ports["clock"];
  /** Takes members that another cloud knows. */
  readonly adopt: (members: Members) => Promise<void>;
  /** Aborts when the replica ends. */
  readonly signal: AbortSignal;
};

/** Keeps a home's lease, for which more than half of the clouds have to confirm it, and confirms another's. */
export class HomeKeeper {
  readonly #options: HomeKeeperOptions;
  /** Who has told which members it knows; more than half must, before a store that is new confirms a home. */
  readonly #heard: Set<string>;
  #lease = { epoch: 0, untilMs: 0 };

  constructor(options: HomeKeeperOptions) {
    const { isKnown, clouds, cloud } = options;
    this.#options = options;
    this.#heard = new Set(isKnown ? clouds : [cloud]);
  }

  /** Whether this cloud may act as the home now. */
  get isHome(): boolean {
    const { clock, membership } = this.#options;
    const { epoch, untilMs } = this.#lease;
    return epoch === membership.members.epoch && untilMs > clock.now();
  }

  /** To be called as often as a home has to be confirmed; what is asked is given up after as long. */
  async attend(): Promise<void> {
    await this.#options.membership.keep();
    // Of a change that reached only some, the others hear from them.
    await Promise.allSettled(this.#options.membership.peers.map((other) => this.learn(other)));
    await this.#keep();
  }

  /** Asks another cloud which members it knows. */
  async learn(other: string): Promise<void> {
    const { calls, membership, adopt } = this.#options;
    const members = Members.parse(await calls.call(other, "members", null, this.#inTime()));
    if (members.epoch > membership.members.epoch) await adopt(members);
    this.#heard.add(other);
  }

  /** Confirms a home for one lease; throws as {@link Membership.confirm}, and `aborted` where too little is known. */
  confirm(home: string, epoch: number): void {
    const { clouds, membership } = this.#options;
    if (this.#heard.size * 2 <= clouds.length) {
      throw noHome("too few clouds have told which members they know");
    }
    membership.confirm(home, epoch);
  }

  async #keep(): Promise<void> {
    const { cloud, clock, membership, calls } = this.#options;
    const { epoch, home, clouds } = membership.members;
    if (home !== cloud) return;
    const askedAtMs = clock.now();
    const confirmed = await Promise.allSettled([
      Promise.resolve().then(() => this.confirm(home, epoch)),
      ...membership.peers.map((other) =>
        calls.call(other, "confirm", { home, epoch }, this.#inTime()),
      ),
    ]);
    const votes = confirmed.filter(({ status }) => status === "fulfilled").length;
    if (votes * 2 <= clouds.length || membership.members.epoch !== epoch) return;
    this.#lease = await membership.keepLease(askedAtMs);
  }

  #inTime(): AbortSignal {
    const { clock, membership, signal } = this.#options;
    const late = new AbortController();
    const giveUp = (): void => late.abort();
    clock.sleep(membership.confirmEveryMs, signal).then(giveUp, giveUp);
    return late.signal;
  }
}
