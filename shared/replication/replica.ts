import { Fault } from "#shared/errors";
import type { Ports } from "#shared/function";
import { answering, type StateDriver, stateHandlers, type StateMethod } from "#shared/state";
import { Metrics } from "#shared/telemetry";
import { givenUp, membershipStore, noHome } from "./cloud-state.ts";
import { HomeKeeper } from "./home-keeper.ts";
import { LEASES, type LeaseTimes, Members, Membership, MembershipRows } from "./membership.ts";
import { PeerCalls, type PeerRequest, type SendToPeer } from "./peer-calls.ts";
import { PeerService } from "./peer-service.ts";
import { Batch, Confirmation, type PeerAnswer, type PeerMethod } from "./peer-wire.ts";
import { promote } from "./promote.ts";
import type { Replicated, Spread } from "./replicated.ts";
import { ReplicatedState } from "./replicated-state.ts";
import { Shipping, type ShippingStatus } from "./shipping.ts";

export type ReplicaOptions = {
  readonly cloud: string;
  /** The cloud's own store. */
  readonly driver: StateDriver;
  readonly spread: Spread;
  /** How rows of each store of the spread become one. */
  readonly stores: readonly Replicated[];
  /** All clouds, and which is home, until they agree on a change. */
  readonly initial: Omit<Members, "epoch">;
  readonly key: string;
  readonly send: SendToPeer;
  readonly ports: Pick<Ports, "clock" | "random" | "telemetry">;
  readonly leases?: LeaseTimes;
};

export type ReplicaStatus = Members & {
  readonly cloud: string;
  /** Whether this cloud may act as the home now. */
  readonly isHome: boolean;
  readonly peers: Readonly<Record<string, ShippingStatus>>;
};

/** The longest an invocation lives that still takes rows of a lost cloud. */
const LONGEST_INVOCATION_MS = 15 * 60_000;

/** Something to be done about a cloud that was given up, and when. */
type Loss = { readonly lost: string; readonly atMs: number };

/**
 * What runs beside a cloud's store for all of its functions: sends their changes to the other clouds, takes theirs, and
 * answers for the home while it is one. Start it in one process per cloud; what it knows is in the store.
 */
export class Replica {
  readonly #options: ReplicaOptions;
  readonly #membership: Membership;
  readonly #calls: PeerCalls;
  readonly #service: PeerService;
  readonly #home: HomeKeeper;
  readonly #shippings: ReadonlyMap<string, Shipping>;
  readonly #ending = new AbortController();
  #state: ReplicatedState;
  #losses: readonly Loss[];
  #work: Promise<unknown> = Promise.resolve();

  private constructor(options: ReplicaOptions, membership: Membership, isKnown: boolean) {
    const { cloud, key, send, ports, initial } = options;
    this.#options = options;
    this.#membership = membership;
    const epoch = (): number => membership.members.epoch;
    const onLater = (other: string): void => void this.#home.learn(other).catch(() => undefined);
    this.#calls = new PeerCalls({ cloud, key, send, ports, epoch, onLater });
    this.#state = this.#openState();
    this.#losses = this.#lossesNow();
    this.#home = new HomeKeeper({
      cloud,
      clouds: initial.clouds,
      isKnown,
      membership,
      calls: this.#calls,
      clock: ports.clock,
      adopt: (members) => this.#adopt(members),
      signal: this.#ending.signal,
    });
    const handlers = { ...this.#stateHandlers(), ...this.#memberHandlers() };
    this.#service = new PeerService({ cloud, key, clock: ports.clock, handlers, epoch });
    const others = initial.clouds.filter((other) => other !== cloud);
    this.#shippings = new Map(others.map((other) => [other, this.#shippingTo(other)]));
  }

  /** Reads what the store knows; nothing is sent before {@link Replica.start}. */
  static async open(options: ReplicaOptions): Promise<Replica> {
    const { driver, spread, cloud, initial, ports, leases = LEASES } = options;
    const rows = new MembershipRows(driver, membershipStore(spread));
    const isKnown = (await rows.standing()) !== undefined;
    const membership = await Membership.open({ rows, cloud, initial, ports, leases });
    return new Replica(options, membership, isKnown);
  }

  /** Sends and keeps the home's lease until {@link Replica.stop}. */
  start(): void {
    const { signal } = this.#ending;
    const shipping = [...this.#shippings.values()].map((each) => each.run(signal));
    this.#work = Promise.all([...shipping, this.#attend(signal)]);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#work;
  }

  /** Answers a call of another cloud; see {@link PeerService.answer}. */
  answer(request: PeerRequest): Promise<{ status: number; answer: PeerAnswer }> {
    return this.#service.answer(request);
  }

  async status(): Promise<ReplicaStatus> {
    const { cloud } = this.#options;
    const { epoch, home, clouds } = this.#membership.members;
    const peers = await Promise.all(
      this.#membership.peers.map(async (name) => {
        const status = await this.#shippings.get(name)?.status();
        return status === undefined ? [] : [[name, status] as const];
      }),
    );
    const isHome = this.#home.isHome;
    return { cloud, epoch, home, clouds, isHome, peers: Object.fromEntries(peers.flat()) };
  }

  /**
   * Gives a cloud up for lost, with this one or `home` in its place if it was the home. More than half of the clouds
   * must agree, unless `isGone` says that the lost one will surely not act again. The new home begins when the old one's
   * lease is surely over. Throws `failed_precondition` for a cloud that is no other member, and `unavailable` when too
   * few agreed.
   */
  async promote(
    lost: string,
    { home, isGone = false }: { readonly home?: string; readonly isGone?: boolean } = {},
  ): Promise<Members> {
    const { cloud } = this.#options;
    const before = this.#membership.members;
    const clouds = before.clouds.filter((other) => other !== lost);
    const next = { epoch: before.epoch + 1, home: home ?? heir(before.home, lost, cloud), clouds };
    const others = clouds.filter((other) => other !== cloud);
    if (!this.#membership.peers.includes(lost) || !clouds.includes(next.home)) throw noMember(lost);
    const asked = await Promise.allSettled(
      others.map((other) => this.#calls.call(other, "adopt", next, this.#ending.signal)),
    );
    const agreed = 1 + asked.filter(({ status }) => status === "fulfilled").length;
    if (agreed * 2 <= before.clouds.length && !isGone) throw tooFew(agreed, before.clouds.length);
    await this.#adopt(next);
    return next;
  }

  async #attend(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.ports;
    while (!signal.aborted) {
      await this.#home.attend().catch(() => undefined);
      await this.#settleLosses().catch(() => undefined);
      await clock.sleep(this.#membership.confirmEveryMs, signal).catch(() => undefined);
    }
  }

  async #adopt(next: Members): Promise<void> {
    const before = this.#membership.members.epoch;
    try {
      await this.#membership.adopt(next);
    } finally {
      if (this.#membership.members.epoch !== before) {
        this.#state = this.#openState();
        this.#losses = this.#lossesNow();
        void this.#settleLosses().catch(() => undefined);
      }
    }
  }

  /** What is to be done about clouds that were given up; done again after a restart, which does no harm. */
  #lossesNow(): readonly Loss[] {
    const { initial, ports } = this.#options;
    const { clouds } = this.#membership.members;
    const lost = initial.clouds.filter((cloud) => !clouds.includes(cloud));
    const nowMs = ports.clock.now();
    return lost.flatMap((each) => [
      { lost: each, atMs: nowMs },
      { lost: each, atMs: nowMs + LONGEST_INVOCATION_MS },
    ]);
  }

  async #settleLosses(): Promise<void> {
    const { cloud, ports } = this.#options;
    const { members, peers } = this.#membership;
    const due = this.#losses.filter(({ atMs }) => atMs <= ports.clock.now());
    if (!members.clouds.includes(cloud)) return;
    for (const loss of due) {
      await promote(
        this.#state,
        loss.lost,
        peers.map((other) => this.#calls.peer(other)),
      );
      this.#losses = this.#losses.filter((other) => other !== loss);
    }
  }

  #memberHandlers(): Record<
    Exclude<PeerMethod, StateMethod>,
    (params: unknown, from: string) => Promise<unknown>
  > {
    return {
      apply: (params, from) =>
        answering(Batch, this.#state, (rows) => this.#state.apply(from, rows))(params),
      adopt: answering(Members, this.#state, (members) => this.#adopt(members)),
      members: async () => this.#membership.members,
      confirm: (params, from) =>
        answering(Confirmation, this.#state, async ({ home, epoch }) => {
          if (epoch > this.#membership.members.epoch) await this.#home.learn(from);
          this.#home.confirm(home, epoch);
        })(params),
    };
  }

  #stateHandlers(): Record<StateMethod, (params: unknown, from: string) => Promise<unknown>> {
    const guarded =
      (method: StateMethod) =>
      (params: unknown, from: string): Promise<unknown> => {
        if (!this.#membership.members.clouds.includes(from)) throw givenUp(from);
        if (!this.#home.isHome) throw noHome("this cloud is not the home now");
        return stateHandlers(this.#state)[method](params);
      };
    return {
      "state.read": guarded("state.read"),
      "state.write": guarded("state.write"),
      "state.transact": guarded("state.transact"),
      "state.list": guarded("state.list"),
    };
  }

  #shippingTo(name: string): Shipping {
    const { ports, cloud } = this.#options;
    const nowhere = { invocation: "", tenant: "", traceId: "", spanId: "" };
    const metrics = new Metrics(ports, { function: "replication", runtime: cloud, ...nowhere });
    return new Shipping({
      state: () => (this.#membership.peers.includes(name) ? this.#state : undefined),
      peer: this.#calls.peer(name),
      ports,
      onLag: (lagMs) => metrics.milliseconds("replication_lag_ms", lagMs),
    });
  }

  #openState(): ReplicatedState {
    const { driver, stores, ports } = this.#options;
    return new ReplicatedState({ driver, stores, peers: this.#membership.peers, ports });
  }
}

function heir(home: string, lost: string, cloud: string): string {
  return home === lost ? cloud : home;
}

function noMember(lost: string): Fault {
  return new Fault(
    "failed_precondition",
    `replication.promote: ${lost} is no other member, or the home to be is none; see GET /v1/replication`,
    { origin: "caller" },
  );
}

function tooFew(agreed: number, clouds: number): Fault {
  return new Fault(
    "unavailable",
    `replication.promote: ${agreed} of ${clouds} clouds agreed, and more than half must; bring them back, or say that the lost one is gone for good`,
    { origin: "platform" },
  );
}
