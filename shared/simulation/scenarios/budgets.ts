import { Fault } from "#shared/errors";
import { Budgets, type Reservation } from "#shared/routing";
import { unleash } from "../chaos.ts";
import { Network } from "../network.ts";
import type { Scenario } from "../simulate.ts";
import type { Life, SimulatedNode } from "../simulated-node.ts";
import type { Simulation } from "../simulation.ts";
import { skewedNode, threeClouds } from "./three-clouds.ts";

const TENANT = "acme";
/** In whole units, so that sums are exact. */
const HARD = 1_000;
const CALLS = 48;
const CHAOS_MS = 40_000;
const CALM_MS = 20_000;
/** Longer than a call takes, however it ends. */
const HELD_MS = CHAOS_MS + CALM_MS;

/** A gateway spends a tenant's budget on three clouds, and must not spend more, whatever it does not hear of. */
export const budgets: Scenario = {
  name: "budgets",
  summary:
    "a gateway spends a budget on three clouds; crashes, partitions, calls without an answer",
  plants: {
    "settle-without-reserve":
      "a call begins while anything is left, and is counted when it has ended",
    "held-too-briefly": "what is set aside is free again while its call is still running",
    "failure-is-free": "a call without an answer is taken to have cost nothing",
  },
  sometimes: [
    "crashes",
    "partitions",
    "stalls",
    "lost messages",
    "timeouts",
    "settled",
    "refused by the budget",
    "unknown bills",
    "calls lost in a crash",
  ],
  play: (simulation, plant) => new World(simulation, plant).play(),
};

/** What one life of the gateway holds in memory. */
type Session = {
  readonly life: Life;
  readonly budgets: Budgets;
  readonly open: Set<Reservation>;
};

class World {
  readonly #simulation: Simulation;
  readonly #plant: string | undefined;
  readonly #network: Network;
  readonly #gateway: SimulatedNode;
  readonly #clouds: [SimulatedNode, SimulatedNode, SimulatedNode];
  readonly #violations: string[] = [];
  #session: Session | undefined;
  /** What the gateway has on disk. */
  #booked = 0;
  /** What the clouds will really bill. */
  #billed = 0;
  /** The most of the calls that were under way when the gateway crashed: no book has them. */
  #excused = 0;

  constructor(simulation: Simulation, plant: string | undefined) {
    this.#simulation = simulation;
    this.#plant = plant;
    this.#network = new Network(simulation, { latencyMs: [5, 80], loss: 0.05, timeoutMs: 4_000 });
    this.#gateway = skewedNode(simulation, "gateway");
    this.#clouds = threeClouds(simulation);
  }

  async play(): Promise<string[]> {
    const simulation = this.#simulation;
    const endMs = simulation.nowMs + CHAOS_MS;
    for (let call = 0; call < CALLS; call += 1) {
      const atMs = simulation.between(simulation.nowMs, endMs);
      simulation.at(
        atMs,
        () => void this.#call(simulation.between(20, 120)).catch(() => undefined),
      );
    }
    unleash(simulation, {
      untilMs: endMs,
      network: this.#network,
      nodes: [this.#gateway, ...this.#clouds],
      places: ["aws", "azure", "gcp"],
      events: 8,
      longestMs: 10_000,
    });
    simulation.at(endMs + CALM_MS / 2, () => this.#lookInPeace());
    await simulation.run(endMs + CALM_MS);
    return this.#violations;
  }

  /** Reserve, call, settle, book: as the gateway does for each call that it serves. */
  async #call(most: number): Promise<void> {
    const session = this.#current();
    if (session === undefined) return;
    const reservation = this.#reserve(session, most);
    if (reservation === undefined) return this.#simulation.count("refused by the budget");
    session.open.add(reservation);
    const cost = await this.#spend(session, most);
    // The book is on disk before the budget forgets what was set aside.
    await session.life.clock.sleep(this.#simulation.between(1, 5));
    this.#booked += cost;
    session.open.delete(reservation);
    session.budgets.settle(reservation, cost);
    this.#simulation.count("settled");
    this.#check(session);
  }

  #reserve({ budgets: own }: Session, most: number): Reservation | undefined {
    if (this.#plant === "settle-without-reserve") {
      return own.committedUsd(TENANT) < HARD ? { tenant: TENANT, usd: 0, untilMs: 0 } : undefined;
    }
    try {
      return own.reserve(TENANT, most, this.#plant === "held-too-briefly" ? 100 : HELD_MS);
    } catch (thrown) {
      if (Fault.is(thrown) && thrown.code === "resource_exhausted") return undefined;
      throw thrown;
    }
  }

  /** What the call cost as far as the gateway knows: its most where no answer came. */
  async #spend({ life }: Session, most: number): Promise<number> {
    const cloud = this.#simulation.pick(this.#clouds);
    try {
      return await this.#network.call(life, cloud, () => this.#run(cloud, most));
    } catch (thrown) {
      if (Fault.is(thrown) && thrown.code === "unavailable") return 0;
      this.#simulation.count("unknown bills");
      return this.#plant === "failure-is-free" ? 0 : most;
    }
  }

  /** Billed from its start, answered or not. */
  async #run({ life }: SimulatedNode, most: number): Promise<number> {
    if (life === undefined) throw new Fault("unavailable", "simulation: the cloud is down");
    const simulation = this.#simulation;
    const cost = simulation.between(1, most);
    this.#billed += cost;
    simulation.note(() => `${life.node.name} bills ${cost}, ${this.#billed} in all`);
    if (this.#billed > HARD + this.#excused) {
      this.#violations.push(`${this.#billed} was spent of ${HARD}, and ${this.#excused} lost`);
    }
    await life.clock.sleep(simulation.between(20, 3_000));
    return cost;
  }

  /** The session of the gateway's present life, which begins with what the book says. */
  #current(): Session | undefined {
    const { life } = this.#gateway;
    if (this.#session !== undefined && this.#session.life !== life) {
      for (const { usd } of this.#session.open) {
        this.#excused += usd;
        this.#simulation.count("calls lost in a crash");
      }
      this.#session = undefined;
    }
    if (life === undefined || this.#session !== undefined) return this.#session;
    const limits = new Map([[TENANT, { softUsd: HARD / 2, hardUsd: HARD }]]);
    const own = new Budgets(limits, { now: () => life.clock.now() });
    own.restart(TENANT, this.#booked);
    this.#simulation.note(() => `the gateway begins with ${this.#booked} spent`);
    this.#session = { life, budgets: own, open: new Set() };
    return this.#session;
  }

  /** What is committed is what is booked and what is under way. */
  #check({ budgets: own, open }: Session): void {
    const underway = [...open].reduce((total, { usd }) => total + usd, 0);
    const committed = own.committedUsd(TENANT);
    if (committed === this.#booked + underway) return;
    this.#violations.push(
      `${committed} is committed, ${this.#booked} booked, ${underway} under way`,
    );
  }

  /** Nothing is set aside for ever: what is left can be spent. */
  #lookInPeace(): void {
    const session = this.#current();
    if (session === undefined) return void this.#violations.push("the gateway is down in peace");
    this.#check(session);
    if (session.open.size > 0) this.#violations.push("a call is under way for ever");
    const left = HARD - this.#booked;
    if (left <= 0) return;
    const last = this.#reserve(session, left);
    if (last === undefined) this.#violations.push(`${left} is left and cannot be spent`);
  }
}
