import {
  type Join,
  type Peer,
  promote,
  replicated,
  ReplicatedState,
  ship,
} from "#shared/replication";
import {
  memoryState,
  openStore,
  type StateDriver,
  type StateRow,
  store,
  type Store,
} from "#shared/state";
import * as z from "zod";
import type { Network } from "../network.ts";
import { remoteState, type StorePlace } from "../remote-state.ts";
import type { Life, SimulatedNode } from "../simulated-node.ts";
import type { Simulation } from "../simulation.ts";
import { worldScope } from "../world-scope.ts";
import { faultyPlace, skewedNode } from "./three-clouds.ts";

export const Note = z.object({
  shelf: z.string(),
  id: z.string(),
  /** The write that it is from. */
  op: z.string(),
  /** By the clock of its cloud, for the planted bug. */
  wallMs: z.number(),
});
export type Note = z.infer<typeof Note>;
const keys = { partition: "shelf", sort: "id", ttl: true } as const;
export const notes = store("notes", { schema: Note, ...keys, acrossClouds: "replicated" });

export const Tags = z.object({ shelf: z.string(), id: z.string(), tags: z.array(z.string()) });
export type Tags = z.infer<typeof Tags>;
export const tagged = store("tags", { schema: Tags, ...keys, acrossClouds: { merge: union } });

/** What code of one life of a cloud works with. */
export type Session = {
  readonly life: Life;
  readonly state: ReplicatedState;
  readonly notes: Store<Note, Pick<Note, "shelf" | "id">>;
  readonly tags: Store<Tags, Pick<Tags, "shelf" | "id">>;
};

export type ReplicaWorld = {
  readonly simulation: Simulation;
  /** Between a cloud and its own store. */
  readonly local: Network;
  readonly wan: Network;
  readonly joinNotes: Join | undefined;
  /** True once stores fail no more. */
  readonly isCalm: () => boolean;
};

/** The one shelf, as the tenant `default` has it. */
export const SHELF = "s";
export const PARTITION = `${worldScope.tenant}~~${SHELF}`;

/** Longer than anything that was begun before a cloud was lost goes on. */
const LONGEST_LIFE_MS = 15_000;
const SHIP_EVERY_MS = [1_000, 3_000] as const;

/** One cloud with its own store, which sends what it writes to the others. */
export class Replica {
  readonly node: SimulatedNode;
  /** What the store really holds. */
  readonly #raw: StateDriver = memoryState();
  readonly #world: ReplicaWorld;
  readonly #place: StorePlace;
  #others: readonly Replica[] = [];
  #session: Session | undefined;
  #promotions: readonly { readonly lost: string; readonly atMs: number }[] = [];

  constructor(world: ReplicaWorld, name: string) {
    const { simulation, isCalm } = world;
    this.#world = world;
    this.node = skewedNode(simulation, name);
    this.#place = faultyPlace(simulation, `${name}-store`, isCalm, this.#raw);
  }

  get name(): string {
    return this.node.name;
  }

  /** Names the other clouds and begins to send; what survives a crash is only in the store. */
  start(others: readonly Replica[]): void {
    this.#others = others;
    this.#shipLater();
  }

  /** One cloud is lost for good. */
  loses(lost: Replica): void {
    this.#others = this.#others.filter((other) => other !== lost);
    const { nowMs } = this.#world.simulation;
    this.#promotions = [nowMs, nowMs + LONGEST_LIFE_MS].map((atMs) => ({ lost: lost.name, atMs }));
    this.#session = undefined;
  }

  /** `undefined` while it is down. */
  session(): Session | undefined {
    const { life } = this.node;
    if (life === undefined || this.#session?.life === life) return life && this.#session;
    const { local, joinNotes } = this.#world;
    const { clock, random } = life;
    const driver = remoteState(local, life, this.#place);
    const plain = replicated(notes);
    const state = new ReplicatedState({
      driver,
      stores: [joinNotes === undefined ? plain : { ...plain, join: joinNotes }, replicated(tagged)],
      peers: this.#others.map(({ name }) => name),
      ports: { clock, random },
    });
    const ports = { state, clock, random };
    const stores = {
      notes: openStore(notes, ports, worldScope),
      tags: openStore(tagged, ports, worldScope),
    };
    this.#session = { life, state, ...stores };
    return this.#session;
  }

  /** The rows that its store holds, without what waits to be sent. */
  async rows(): Promise<StateRow[]> {
    const range = { partition: PARTITION, from: "", to: "~~", limit: 1_000, descending: false };
    const lists = [notes, tagged].map(({ name }) =>
      this.#raw.list({ ...range, store: name, after: undefined }, undefined),
    );
    return (await Promise.all(lists)).flat();
  }

  #shipLater(): void {
    const { simulation } = this.#world;
    simulation.after(simulation.between(...SHIP_EVERY_MS), () => {
      const session = this.session();
      for (const other of session === undefined ? [] : this.#others) {
        void this.#ship(session, other).catch(() => simulation.count("shipments broken off"));
      }
      if (session !== undefined) void this.#promote(session).catch(() => undefined);
      this.#shipLater();
    });
  }

  async #ship(session: Session | undefined, other: Replica): Promise<void> {
    if (session === undefined) return;
    const { rows } = await ship(session.state, this.#peer(session.life, other), session.life.clock);
    if (rows > 0) this.#world.simulation.note(() => `${this.name} sent ${rows} to ${other.name}`);
  }

  async #promote({ state, life }: Session): Promise<void> {
    const [due] = this.#promotions;
    if (due === undefined || due.atMs > this.#world.simulation.nowMs) return;
    await promote(
      state,
      due.lost,
      this.#others.map((other) => this.#peer(life, other)),
    );
    this.#promotions = this.#promotions.filter((other) => other !== due);
  }

  #peer(life: Life, other: Replica): Peer {
    return {
      name: other.name,
      apply: (rows) =>
        this.#world.wan.call(life, other.node, async () => {
          const session = other.session();
          if (session === undefined) throw new Error("the peer is down");
          return session.state.apply(this.name, rows);
        }),
    };
  }
}

function union(a: Tags, b: Tags): Tags {
  return { ...a, tags: [...new Set([...a.tags, ...b.tags])].toSorted() };
}
