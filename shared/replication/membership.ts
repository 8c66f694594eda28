import { Fault } from "#shared/errors";
import type { Ports } from "#shared/function";
import { hybridClock, type StateDriver, type StateKey } from "#shared/state";
import * as z from "zod";

/** Which clouds share state, and which of them is home to what must happen once. Epochs number the changes. */
export const Members = z.object({
  epoch: z.int().min(1),
  home: z.string().min(1).max(40),
  clouds: z.array(z.string().min(1).max(40)).min(1).max(16),
});
export type Members = z.infer<typeof Members>;

const Standing = z.object({ ...Members.shape, adoptedAtMs: z.number() });
/** The members as one cloud knows them. */
export type Standing = z.infer<typeof Standing>;

const Lease = z.object({ epoch: z.int(), untilMs: z.number() });
/** Until when, by the clock of its cloud, a home may act as one. */
export type Lease = z.infer<typeof Lease>;

/** No other row of ours is here; another's partition begins with a tenant. */
const PARTITION = "~~~members";

/** Standing and lease in a cloud's own store, where its functions read them. `store` is one that spans clouds. */
export class MembershipRows {
  readonly #driver: StateDriver;
  readonly #store: string;

  constructor(driver: StateDriver, store: string) {
    this.#driver = driver;
    this.#store = store;
  }

  standing(): Promise<Standing | undefined> {
    return this.#read("standing", Standing);
  }

  lease(): Promise<Lease | undefined> {
    return this.#read("lease", Lease);
  }

  async keep(
    what: { readonly standing: Standing } | { readonly lease: Lease },
    { clock, random }: Pick<Ports, "clock" | "random">,
  ): Promise<void> {
    const [sort, value] = "lease" in what ? ["lease", what.lease] : ["standing", what.standing];
    const rev = hybridClock(this.#driver, random).next(clock.now());
    const row = { data: JSON.stringify(value), rev, expiresAtSeconds: null } as const;
    const condition = { kind: "any" } as const;
    await this.#driver.write({ kind: "put", key: this.#key(sort), ...row, condition }, undefined);
  }

  async #read<T>(sort: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const row = await this.#driver.read(this.#key(sort), undefined);
    return row === undefined ? undefined : schema.parse(JSON.parse(row.data));
  }

  #key(sort: string): StateKey {
    return { store: this.#store, partition: PARTITION, sort };
  }
}

export type MembershipOptions = {
  readonly rows: MembershipRows;
  readonly cloud: string;
  /** What holds where nothing is known yet. */
  readonly initial: Omit<Members, "epoch">;
  readonly ports: Pick<Ports, "clock" | "random">;
  readonly leases: LeaseTimes;
};

export type LeaseTimes = {
  /** How long a home may act after it last asked the others. */
  readonly leaseMs: number;
  /** How long nobody confirms a home after a change; longer than a lease. */
  readonly handoverMs: number;
};

/**
 * When a new home begins, the lease of the one before must be over, also by the clock of a function that is 10 s off the
 * clock of who keeps the lease, which may be 10 s off the other way.
 */
export const LEASES: LeaseTimes = { leaseMs: 10_000, handoverMs: 30_000 };

/**
 * What one cloud knows of the members, kept in its store. It takes a change only with a higher epoch, and confirms a
 * home only under the epoch that it has itself; a home needs more than half of the clouds, so that no two homes have
 * leases at the same time, however the network is cut.
 */
export class Membership {
  readonly #options: MembershipOptions;
  #standing: Standing;
  #isKept = true;

  private constructor(options: MembershipOptions, standing: Standing) {
    this.#options = options;
    this.#standing = standing;
  }

  /** Reads what was kept, or begins with the initial members. */
  static async open(options: MembershipOptions): Promise<Membership> {
    const { rows, initial, ports } = options;
    const kept = await rows.standing();
    const standing = kept ?? { ...initial, epoch: 1, adoptedAtMs: 0 };
    if (kept === undefined) await rows.keep({ standing }, ports);
    return new Membership(options, standing);
  }

  /** How often a home has to ask, so that one lost answer does no harm. */
  get confirmEveryMs(): number {
    return this.#options.leases.leaseMs / 4;
  }

  get members(): Members {
    return this.#standing;
  }

  /** The other members; none for a cloud that was given up. */
  get peers(): readonly string[] {
    const { clouds } = this.#standing;
    const { cloud } = this.#options;
    return clouds.includes(cloud) ? clouds.filter((other) => other !== cloud) : [];
  }

  /**
   * Takes a change. True if it is one; throws `failed_precondition` for another change under the same epoch. Where the
   * store fails it throws what the store throws, and has taken the change nevertheless: it may have been written.
   */
  async adopt({ epoch, home, clouds }: Members): Promise<boolean> {
    const before = this.#standing;
    const isSame = home === before.home && String(clouds) === String(before.clouds);
    if (epoch < before.epoch || (epoch === before.epoch && !isSame)) throw outdated(before.epoch);
    const isNew = epoch > before.epoch;
    if (isNew) {
      const adoptedAtMs = this.#options.ports.clock.now();
      this.#standing = { epoch, home, clouds, adoptedAtMs };
      this.#isKept = false;
    }
    await this.keep();
    return isNew;
  }

  /** Writes down what was taken and could not be written. */
  async keep(): Promise<void> {
    if (this.#isKept) return;
    const { rows, ports } = this.#options;
    const standing = this.#standing;
    await rows.keep({ standing }, ports);
    this.#isKept ||= standing === this.#standing;
  }

  /** Confirms the home for one lease, or throws: it is not the home, or the one before it may still believe it is. */
  confirm(home: string, epoch: number): void {
    const { ports, leases } = this.#options;
    const { epoch: ours, home: known, adoptedAtMs } = this.#standing;
    if (epoch !== ours || home !== known) throw outdated(ours);
    const restMs = adoptedAtMs + leases.handoverMs - ports.clock.now();
    if (restMs > 0) throw tooEarly(restMs);
  }

  /** The home keeps its lease, counted from before it asked for it. */
  async keepLease(askedAtMs: number): Promise<Lease> {
    const { rows, ports, leases } = this.#options;
    const lease = { epoch: this.#standing.epoch, untilMs: askedAtMs + leases.leaseMs };
    await rows.keep({ lease }, ports);
    return lease;
  }
}

function outdated(epoch: number): Fault {
  return new Fault(
    "failed_precondition",
    `replication.members: the members have changed since; epoch ${epoch} holds`,
    { origin: "platform", details: { epoch } },
  );
}

function tooEarly(retryAfterMs: number): Fault {
  return new Fault(
    "unavailable",
    "replication.home: the home before may still act as one; try again when its lease is surely over",
    { origin: "platform", retryAfterMs },
  );
}
