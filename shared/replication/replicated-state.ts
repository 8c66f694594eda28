import { Fault } from "#shared/errors";
import type { Ports } from "#shared/function";
import {
  holds,
  hybridClock,
  type StateDriver,
  type StateKey,
  type StateRange,
  type StateRow,
  type StateTransactResult,
  type StateWrite,
  type StateWriteResult,
} from "#shared/state";
import { Directory, parcelFor, RESERVED } from "./outbox.ts";
import type { Replicated } from "./replicated.ts";
import { decodeVersion, encodeVersion, isSame, type Version, writtenAtMs } from "./version.ts";

export type ReplicatedStateOptions = {
  /** The cloud's own store. */
  readonly driver: StateDriver;
  readonly stores: readonly Replicated[];
  /** The other clouds. */
  readonly peers: readonly string[];
  readonly ports: Pick<Ports, "clock" | "random">;
  /** How long a deletion is remembered: longer than any cloud may be away. Seven days when left out. */
  readonly retentionSeconds?: number;
};

/** A version of a key on its way between clouds. */
export type ReplicatedRow = { readonly key: StateKey; readonly version: Version };

const RETENTION_SECONDS = 7 * 86_400;
const MAX_RACES = 8;
/** A reading further ahead of us than this is a broken clock's (see the hybrid clock of #shared/state). */
const MAX_SKEW_MS = 600_000;
/** Later than no revision. */
const NEVER = "000000000000-0000-00000000";

/**
 * A cloud's store whose replicated stores send every change to the other clouds: a row is written together with the
 * parcels that ask for it to be sent, and a deleted row leaves a row behind that says so. To the portable class it is a
 * driver like any other; a key that is not here looks expired since ever, so that `atLeast` waits for a write that is
 * still on its way from another cloud.
 */
export class ReplicatedState implements StateDriver {
  readonly name: string;
  /** The cloud's own store. */
  readonly driver: StateDriver;
  readonly stores: ReadonlyMap<string, Replicated>;
  readonly directory: Directory;
  /** The other clouds. */
  readonly peers: readonly string[];
  readonly #ports: Pick<Ports, "clock" | "random">;
  readonly #retentionSeconds: number;

  constructor(options: ReplicatedStateOptions) {
    const { driver, stores, peers, ports, retentionSeconds = RETENTION_SECONDS } = options;
    this.name = driver.name;
    this.driver = driver;
    this.stores = new Map(stores.map((each) => [each.store, each]));
    this.directory = new Directory(driver);
    this.peers = peers;
    this.#ports = ports;
    this.#retentionSeconds = retentionSeconds;
  }

  async read(key: StateKey, signal: AbortSignal | undefined): Promise<StateRow | undefined> {
    const row = await this.driver.read(key, signal);
    return this.stores.has(key.store) ? seen(key, row) : row;
  }

  async list(range: StateRange, signal: AbortSignal | undefined): Promise<readonly StateRow[]> {
    if (!this.stores.has(range.store)) return this.driver.list(range, signal);
    const to = range.to === undefined || range.to > RESERVED ? RESERVED : range.to;
    const rows = await this.driver.list({ ...range, to }, signal);
    return rows.map((row) => seen(row.key, row));
  }

  async write(write: StateWrite, signal: AbortSignal | undefined): Promise<StateWriteResult> {
    if (!this.stores.has(write.key.store)) return this.driver.write(write, signal);
    const done = await this.#change([write], signal);
    if (done.ok) return { ok: true, handle: done.handles[0] ?? "" };
    return { ok: false, current: done.current };
  }

  async transact(
    writes: readonly StateWrite[],
    signal: AbortSignal | undefined,
  ): Promise<StateTransactResult> {
    const [first] = writes;
    if (first === undefined || !this.stores.has(first.key.store)) {
      return this.driver.transact(writes, signal);
    }
    const done = await this.#change(writes, signal);
    return done.ok ? done : { ok: false, failedAt: done.failedAt };
  }

  /**
   * Takes versions from another cloud, in any order and as often as they come. Gives the keys of those that it does not
   * take yet, because a clock is broken. Throws `failed_precondition` for a sender that is no peer: one that was given
   * up for lost must not come back with what the others never hear of. Throws what the store throws.
   */
  async apply(sender: string, rows: readonly ReplicatedRow[]): Promise<readonly StateKey[]> {
    if (!this.peers.includes(sender)) throw notAPeer(sender);
    const taken = await Promise.all(rows.map((row) => this.#take(row)));
    return rows.flatMap(({ key }, index) => (taken[index] === true ? [] : [key]));
  }

  codeOf(error: unknown): ReturnType<StateDriver["codeOf"]> {
    return Fault.is(error) ? error.code : this.driver.codeOf(error);
  }

  close(): Promise<void> {
    return this.driver.close();
  }

  async #change(
    writes: readonly StateWrite[],
    signal: AbortSignal | undefined,
  ): Promise<
    | { readonly ok: true; readonly handles: readonly string[] }
    | { readonly ok: false; readonly failedAt: number; readonly current: StateRow | undefined }
  > {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const rows = await Promise.all(writes.map(({ key }) => this.driver.read(key, signal)));
      const failedAt = writes.findIndex(
        ({ key, condition }, index) => !holds(condition, seen(key, rows[index])),
      );
      if (failedAt !== -1) {
        const met = rows[failedAt];
        return { ok: false, failedAt, current: met && seenAt(met) };
      }
      const changes = writes.map((write, index) => this.#physical(write, rows[index]));
      const result = await this.#commit(changes, signal);
      if (result.ok) return { ok: true, handles: result.handles.slice(0, writes.length) };
    }
    throw lostRaces();
  }

  /** Writes rows and the parcels for them, all or nothing. */
  async #commit(
    changes: readonly (StateWrite & { readonly kind: "put" })[],
    signal: AbortSignal | undefined,
  ): Promise<StateTransactResult> {
    const [first] = changes;
    if (first === undefined) return { ok: true, handles: [] };
    const atMs = this.#ports.clock.now();
    const sorts = changes.map(({ key }) => key.sort);
    const { rev, key } = first;
    await this.directory.enter(key, rev, atMs);
    const parcels = this.peers.map((peer) => parcelFor(peer, key, { rev, sorts, atMs }));
    return this.driver.transact([...changes, ...parcels], signal);
  }

  #physical(
    write: StateWrite,
    current: StateRow | undefined,
  ): StateWrite & { readonly kind: "put" } {
    const { key } = write;
    const before = current && decodeVersion(current);
    if (write.kind === "delete") {
      const rev = this.#revAfter(before?.rev, "");
      const gone = { rev, epoch: before?.epoch ?? 0, data: null, expiresAtSeconds: null };
      return this.#put(key, gone, current);
    }
    const isReborn = before?.data === null;
    const epoch = (before?.epoch ?? 0) + (isReborn ? 1 : 0);
    const { data, expiresAtSeconds } = write;
    const rev = this.#revAfter(before?.rev, write.rev);
    return this.#put(key, { rev, epoch, data, expiresAtSeconds }, current);
  }

  /** A write based on nothing may come from a process that has not seen what is there, with a slower clock. */
  #revAfter(before: string | undefined, rev: string): string {
    if (rev > (before ?? "")) return rev;
    const clock = hybridClock(this, this.#ports.random);
    const nowMs = this.#ports.clock.now();
    if (before !== undefined) clock.observe(before, nowMs);
    const next = clock.next(nowMs);
    if (next > (before ?? "")) return next;
    throw new Fault(
      "failed_precondition",
      "replication.write: the row is from a clock that is far ahead of ours; correct the clocks",
      { origin: "platform" },
    );
  }

  #put(
    key: StateKey,
    version: Version,
    current: StateRow | undefined,
  ): StateWrite & { readonly kind: "put" } {
    const { rev, data, expiresAtSeconds: expires } = version;
    // What is left of a row stays until every replica has surely heard of its end.
    const endSeconds = data === null ? Math.ceil(writtenAtMs(rev) / 1000) : expires;
    const expiresAtSeconds = endSeconds === null ? null : endSeconds + this.#retentionSeconds;
    const condition =
      current === undefined
        ? ({ kind: "absent", nowSeconds: 0 } as const)
        : ({ kind: "handle", handle: current.handle } as const);
    return { kind: "put", key, data: encodeVersion(version), rev, expiresAtSeconds, condition };
  }

  async #take({ key, version }: ReplicatedRow): Promise<boolean> {
    const { clock, random } = this.#ports;
    const join = this.stores.get(key.store)?.join;
    if (join === undefined || writtenAtMs(version.rev) > clock.now() + MAX_SKEW_MS) return false;
    const hlc = hybridClock(this, random);
    hlc.observe(version.rev, clock.now());
    for (let race = 0; race < MAX_RACES; race += 1) {
      const current = await this.driver.read(key, undefined);
      const ours = current && decodeVersion(current);
      const joined = ours === undefined ? version : join(ours, version);
      if (ours !== undefined && isSame(joined, ours)) return true;
      const isTheirs = isSame(joined, version);
      if (ours !== undefined) hlc.observe(ours.rev, clock.now());
      if (isTheirs) await this.directory.know(key, version.rev, clock.now());
      // What neither has is a write of our own, which the others are told of.
      const next = isTheirs ? version : { ...joined, rev: hlc.next(clock.now()) };
      const write = this.#put(key, next, current);
      const result = isTheirs
        ? await this.driver.write(write, undefined)
        : await this.#commit([write], undefined);
      if (result.ok) return true;
    }
    throw lostRaces();
  }
}

/** A stored row as the portable class sees it. */
function seen(key: StateKey, row: StateRow | undefined): StateRow {
  return row === undefined
    ? { key, data: "null", rev: NEVER, expiresAtSeconds: 0, handle: "" }
    : seenAt(row);
}

function seenAt(row: StateRow): StateRow {
  const { data, expiresAtSeconds } = decodeVersion(row);
  if (data === null) return { ...row, data: "null", expiresAtSeconds: 0 };
  return { ...row, data, expiresAtSeconds };
}

function notAPeer(sender: string): Fault {
  return new Fault(
    "failed_precondition",
    `replication.apply: ${sender} is no peer of this store; make it a new replica and give it a copy`,
    { origin: "caller" },
  );
}

function lostRaces(): Fault {
  return new Fault("aborted", "replication.write: other writers were faster; try again", {
    origin: "platform",
  });
}
