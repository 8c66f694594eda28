import { Fault } from "#shared/errors";
import { decodeVersion, type Join, writtenAtMs } from "#shared/replication";
import type { Rev } from "#shared/state";
import { unleash } from "../chaos.ts";
import { Network } from "../network.ts";
import type { Scenario } from "../simulate.ts";
import type { Simulation } from "../simulation.ts";
import { Note, notes, PARTITION, Replica, type Session, SHELF, Tags } from "./replica.ts";
import { WrittenHistory } from "./written-history.ts";

const CHAOS_MS = 25_000;
const CALM_MS = 30_000;
const OPS = 24;
const KEYS = ["1", "2"] as const;

/** Clients write on three clouds, whose stores are to hold the same in the end, with nothing lost that was seen. */
export const replication: Scenario = {
  name: "replication",
  summary:
    "three stores converge; clocks ±10 s, crashes, partitions, stalls, a cloud lost for good",
  plants: {
    "wall-clock": "the last write by the clock of its cloud wins",
    "no-tombstone": "a deletion leaves nothing behind",
  },
  sometimes: [
    "crashes",
    "partitions",
    "stalls",
    "lost messages",
    "duplicates",
    "timeouts",
    "writes",
    "deletions",
    "refused writes",
    "failed writes",
    "reads of another cloud's write",
    "stale reads refused",
    "shipments broken off",
    "clouds lost",
  ],
  play: (simulation, plant) => new World(simulation, plant).play(),
};

/** The planted bug: no clock of one cloud tells which of two writes had seen the other. */
const byWallClock: Join = (ours, theirs) => {
  const wallMs = ({ data, rev }: typeof ours): number =>
    data === null ? writtenAtMs(rev) : Note.parse(JSON.parse(data)).wallMs;
  return wallMs(theirs) >= wallMs(ours) ? theirs : ours;
};

class World {
  readonly #simulation: Simulation;
  readonly #plant: string | undefined;
  readonly #wan: Network;
  readonly #replicas: [Replica, Replica, Replica];
  readonly #history = new WrittenHistory();
  readonly #violations: string[] = [];
  /** Acknowledged writes that a client may ask another cloud for. */
  readonly #known: { readonly key: string; readonly op: string; readonly rev: Rev }[] = [];
  readonly #tags: { readonly tag: string; readonly cloud: string }[] = [];
  #isCalm = false;
  #lost: Replica | undefined;

  constructor(simulation: Simulation, plant: string | undefined) {
    this.#simulation = simulation;
    this.#plant = plant;
    this.#wan = new Network(simulation, {
      latencyMs: [20, 150],
      loss: 0.03,
      duplicated: 0.05,
      timeoutMs: 2_000,
    });
    const world = {
      simulation,
      local: new Network(simulation, { latencyMs: [1, 10], timeoutMs: 1_000 }),
      wan: this.#wan,
      joinNotes: plant === "wall-clock" ? byWallClock : undefined,
      isCalm: () => this.#isCalm,
    };
    this.#replicas = [
      new Replica(world, "aws"),
      new Replica(world, "azure"),
      new Replica(world, "gcp"),
    ];
  }

  async play(): Promise<string[]> {
    const simulation = this.#simulation;
    const endMs = simulation.nowMs + CHAOS_MS;
    for (const replica of this.#replicas) {
      replica.start(this.#replicas.filter((other) => other !== replica));
    }
    for (let count = 0; count < OPS; count += 1) {
      simulation.at(simulation.between(simulation.nowMs, endMs), () => this.#act());
    }
    const [aws, azure, gcp] = this.#replicas;
    unleash(simulation, {
      untilMs: endMs,
      network: this.#wan,
      nodes: [aws.node, azure.node, gcp.node],
      places: [aws.name, azure.name, gcp.name],
      events: 6,
      longestMs: 12_000,
    });
    simulation.at(endMs, () => this.#calm());
    await simulation.run(endMs + CALM_MS);
    return [...this.#violations, ...(await this.#verdict())];
  }

  #calm(): void {
    this.#isCalm = true;
    if (!this.#simulation.chance(0.3)) return;
    const lost = this.#simulation.pick(this.#replicas);
    this.#simulation.count("clouds lost");
    lost.node.crash();
    this.#lost = lost;
    for (const replica of this.#replicas) if (replica !== lost) replica.loses(lost);
  }

  #act(): void {
    const simulation = this.#simulation;
    const replica = simulation.pick(this.#replicas);
    const session = replica.session();
    if (session === undefined) return;
    const key = simulation.pick(KEYS);
    const kind = simulation.between(1, 10);
    const acting =
      kind <= 5
        ? this.#write(replica, session, key, kind === 1)
        : kind <= 7
          ? this.#delete(replica, session, key)
          : kind === 8
            ? this.#tag(replica, session)
            : this.#readAcross(session);
    void acting.catch(() => simulation.count("failed writes"));
  }

  async #write(replica: Replica, session: Session, key: string, isBlind: boolean): Promise<void> {
    const read = await session.notes.get({ shelf: SHELF, id: key });
    const { name: cloud } = replica;
    const op = this.#history.begin({ key, cloud, kind: "put", based: read?.value.op });
    const value: Note = { shelf: SHELF, id: key, op: op.id, wallMs: session.life.clock.now() };
    this.#simulation.note(() => `${cloud} writes ${op.id} to ${key} after ${op.based}`);
    const written =
      read === undefined && !isBlind
        ? await session.notes.create(value)
        : await session.notes.put(value, { ifRev: isBlind ? "any" : (read?.rev ?? "any") });
    if (!written.ok) return this.#simulation.count("refused writes");
    this.#simulation.count("writes");
    op.isAcknowledged = true;
    this.#known.push({ key, op: op.id, rev: written.rev });
  }

  async #delete(replica: Replica, session: Session, key: string): Promise<void> {
    const at = { shelf: SHELF, id: key };
    const read = await session.notes.get(at);
    if (read === undefined) return;
    const { name: cloud } = replica;
    const op = this.#history.begin({ key, cloud, kind: "delete", based: read.value.op });
    this.#simulation.note(() => `${cloud} deletes ${key} after ${op.based}`);
    if (this.#plant === "no-tombstone") await removeRow(session, key);
    else if (!(await session.notes.delete(at, { ifRev: read.rev })).ok) return;
    this.#simulation.count("deletions");
    op.isAcknowledged = true;
  }

  async #tag(replica: Replica, session: Session): Promise<void> {
    const tag = `t${this.#tags.length}-${this.#simulation.between(0, 9_999)}`;
    await session.tags.update({ shelf: SHELF, id: "1" }, (current) => ({
      shelf: SHELF,
      id: "1",
      tags: [...new Set([...(current?.tags ?? []), tag])].toSorted(),
    }));
    this.#tags.push({ tag, cloud: replica.name });
  }

  /** A client that has written on one cloud reads on another, and must not be shown less. */
  async #readAcross(session: Session): Promise<void> {
    const known = this.#known[this.#simulation.between(0, this.#known.length - 1)];
    if (known === undefined) return;
    const { key, op, rev } = known;
    try {
      const read = await session.notes.get({ shelf: SHELF, id: key }, { atLeast: rev });
      this.#simulation.count("reads of another cloud's write");
      const isOlder =
        read === undefined
          ? !this.#history.isDeleted(key)
          : this.#history.hasSeen(op, read.value.op);
      if (isOlder) this.#violations.push(`a read that must show ${op} showed ${read?.value.op}`);
    } catch (thrown) {
      if (!Fault.is(thrown) || thrown.code !== "unavailable") throw thrown;
      this.#simulation.count("stale reads refused");
    }
  }

  async #verdict(): Promise<string[]> {
    const survivors = this.#replicas.filter((replica) => replica !== this.#lost);
    const [rows = [], ...others] = await Promise.all(survivors.map((each) => each.rows()));
    const isSame = others.every((each) => JSON.stringify(each) === JSON.stringify(rows));
    const wrong = isSame ? [] : ["the replicas differ"];
    const lost = this.#lost?.name;
    const [held, tags] = [new Map<string, string>(), new Set<string>()];
    for (const row of rows) {
      const { store, sort } = row.key;
      const { data } = decodeVersion(row);
      if (data === null) continue;
      const value: unknown = JSON.parse(data);
      if (store === notes.name) held.set(sort, Note.parse(value).op);
      else for (const tag of Tags.parse(value).tags) tags.add(tag);
    }
    for (const key of KEYS) wrong.push(...this.#history.violations(key, held.get(key), lost));
    const missing = this.#tags.filter(({ tag, cloud }) => cloud !== lost && !tags.has(tag));
    return [...wrong, ...missing.map(({ tag }) => `the tag ${tag} is gone`)];
  }
}

/** The planted bug: the row is gone, and no other cloud will hear of it. */
async function removeRow({ state }: Session, sort: string): Promise<void> {
  const key = { store: notes.name, partition: PARTITION, sort };
  await state.driver.write({ kind: "delete", key, condition: { kind: "any" } }, undefined);
}
