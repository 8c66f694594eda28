import { Fault } from "#shared/errors";
import {
  CloudState,
  type Members,
  MembershipRows,
  Replica,
  replicated,
  type SendToPeer,
  spreadOf,
} from "#shared/replication";
import { memoryState, openStore, type StateDriver, store, type Store } from "#shared/state";
import { memoryTelemetry } from "#shared/telemetry";
import * as z from "zod";
import { Network } from "../network.ts";
import { remoteState, type StorePlace } from "../remote-state.ts";
import type { Life, SimulatedNode } from "../simulated-node.ts";
import type { Simulation } from "../simulation.ts";
import { worldScope } from "../world-scope.ts";
import { faultyPlace, skewedNode } from "./three-clouds.ts";

const Claim = z.object({ shelf: z.string(), id: z.string(), by: z.string() });
type Claim = z.infer<typeof Claim>;
const claims = store("claims", {
  schema: Claim,
  partition: "shelf",
  sort: "id",
  ttl: true,
  acrossClouds: "home",
});
const spread = spreadOf([claims]);
const SHELF = "s";
const KEY = "a key that three clouds share";

export type HomeWorld = {
  readonly simulation: Simulation;
  readonly wan: Network;
  /** True once stores fail no more. */
  readonly isCalm: () => boolean;
  /** For the planted bug. */
  readonly handoverMs: number | undefined;
};

type Session = {
  readonly life: Life;
  readonly replica: Replica;
  readonly claims: Store<Claim, Pick<Claim, "shelf" | "id">>;
};

/** A cloud with a replica and a function, which share a life, over a store that outlives it. */
export class HomeCloud {
  readonly node: SimulatedNode;
  readonly #world: HomeWorld;
  readonly #raw: StateDriver = memoryState();
  readonly #local: Network;
  readonly #place: StorePlace;
  #clouds: readonly HomeCloud[] = [];
  #session: Session | undefined;

  constructor(world: HomeWorld, name: string) {
    const { simulation, isCalm } = world;
    this.#world = world;
    this.node = skewedNode(simulation, name);
    this.#local = new Network(simulation, { latencyMs: [1, 10], timeoutMs: 1_000 });
    this.#place = faultyPlace(simulation, `${name}-store`, isCalm, this.#raw);
  }

  get name(): string {
    return this.node.name;
  }

  start(clouds: readonly HomeCloud[]): void {
    this.#clouds = clouds;
    void this.#live();
  }

  session(): Session | undefined {
    const { life } = this.node;
    return this.#session?.life === life ? this.#session : undefined;
  }

  /** Asks for a key. True if it was free. Rejects while this cloud is down. */
  async claim(id: string): Promise<boolean> {
    const session = this.session();
    if (session === undefined) return false;
    return (await session.claims.create({ shelf: SHELF, id, by: this.name })).ok;
  }

  /** What its store knows of the members, and whether by the clock of its functions it may act as the home now. */
  async standing(): Promise<{ readonly members: Members | undefined; readonly isHome: boolean }> {
    const nowMs = this.#world.simulation.nowMs + this.node.skewMs;
    const rows = new MembershipRows(this.#raw, claims.name);
    const [standing, lease] = [await rows.standing(), await rows.lease()];
    if (standing === undefined) return { members: undefined, isHome: false };
    const { epoch, home, clouds } = standing;
    const isLeased = lease?.epoch === epoch && lease.untilMs > nowMs;
    return { members: { epoch, home, clouds }, isHome: home === this.name && isLeased };
  }

  /** The rows that its store holds, as text. */
  async rows(): Promise<string> {
    const range = { store: claims.name, partition: `${worldScope.tenant}~~${SHELF}`, from: "" };
    const page = { to: "~~", limit: 1_000, descending: false, after: undefined };
    return JSON.stringify(await this.#raw.list({ ...range, ...page }, undefined));
  }

  /** Opens what runs in this life, and in each that follows a crash. */
  async #live(): Promise<void> {
    const { life } = this.node;
    if (life === undefined) return;
    this.node.onRestart(() => void this.#live());
    for (;;) {
      this.#session = await this.#open(life).catch(() => undefined);
      if (this.#session !== undefined) return this.#session.replica.start();
      await life.clock.sleep(500);
    }
  }

  async #open(life: Life): Promise<Session> {
    const { handoverMs } = this.#world;
    const { clock, random } = life;
    const driver = remoteState(this.#local, life, this.#place);
    const shared = { cloud: this.name, driver, spread, key: KEY, send: this.#senderOf(life) };
    const replica = await Replica.open({
      ...shared,
      stores: [replicated(claims)],
      initial: { home: "aws", clouds: this.#clouds.map(({ name }) => name) },
      ports: { clock, random, telemetry: memoryTelemetry() },
      ...(handoverMs === undefined ? {} : { leases: { leaseMs: 10_000, handoverMs } }),
    });
    const state = new CloudState({ ...shared, ports: { clock, random } });
    return { life, replica, claims: openStore(claims, { state, clock, random }, worldScope) };
  }

  #senderOf(life: Life): SendToPeer {
    return async (to, request) => {
      const other = this.#clouds.find(({ name }) => name === to);
      if (other === undefined) throw new Error(`there is no ${to}`);
      return this.#world.wan.call(life, other.node, async () => {
        const replica = other.session()?.replica;
        if (replica === undefined) throw new Fault("unavailable", "simulation: no peer yet");
        return Buffer.from(JSON.stringify((await replica.answer(request)).answer));
      });
    };
  }
}
