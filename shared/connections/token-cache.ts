import { isRevoked, type IssuedTokens, type Obtain, type TokenCache } from "#shared/auth";
import { Fault } from "#shared/errors";
import type { Clock, Random } from "#shared/function";
import { Redacted } from "#shared/secrets";
import type { Entry } from "#shared/state";
import type { KeyRing } from "./key-ring.ts";
import type { TokenRecord, TokenStore } from "./records.ts";

/** What a token cache works with. */
export type TokenCacheOptions = {
  /** Not bound to the caller's signal: what a vendor has given out must reach the store. */
  readonly rows: TokenStore;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly random: Random;
  readonly integration: string;
  readonly connection: string;
  /** What the tokens are obtained with: `oauth2`, or a digest of the credentials. */
  readonly slot: string;
  /** The invocation, for people who look. */
  readonly owner: string;
  /** Ends the wait for others. */
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
  /** Keeps the invocation alive until a refresh that was begun has reached the store. */
  readonly defer: (label: string, work: Promise<unknown>) => void;
  /** Told once a vendor takes nothing of this connection any longer. */
  readonly onRevoked: (fault: Fault) => Promise<void>;
};

/** Longer than one exchange may take (10 s). */
const LEASE_MS = 15_000;
/** Two clocks that are each a little off; short, because some vendors take a replaced refresh token for only 30 s. */
const MARGIN_MS = 5_000;
/** A token is replaced a minute before its end, or a fifth of its life where that is shorter. */
const EARLY_MS = 60_000;
/** Until then it may still be used while somebody else replaces it: clocks differ, and requests take time. */
const LATEST_MS = 10_000;
const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 400;
/** Rows of tokens that can be obtained again are kept a little longer than the tokens. */
const KEPT_SECONDS = 3_600;
const STORE_ATTEMPTS = 3;

type Key = Pick<TokenRecord, "connection" | "slot">;
type Held = { readonly row: TokenRecord; readonly interrupted: boolean };

/**
 * Keeps a connection's tokens in the store, sealed, for all instances. One caller at a time obtains new ones: it writes
 * a lease before it asks the vendor, the others wait for what it stores. A lease that has passed is taken over with the
 * same refresh token, and tokens that come late are stored unless newer ones are there: the generation they were made
 * from is the fence, not the lease.
 *
 * Throws what `obtain` throws; `failed_precondition` from `caller` with the detail `revoked` where the vendor takes the
 * connection's tokens no longer; `aborted` when others take longer than the caller has.
 */
export class StoredTokens implements TokenCache {
  readonly #options: TokenCacheOptions;
  readonly #key: Key;

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    const { integration, connection, slot } = options;
    this.#key = { connection: `${integration}/${connection}`, slot };
  }

  async token(obtain: Obtain, refused?: string): Promise<string> {
    const { rows, clock, random, signal } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const entry = await rows.get(this.#key);
      const usable = this.#usable(entry?.value, refused);
      if (usable !== undefined) return usable;
      if (entry?.value.revoked != null) throw this.#revoked(entry.value);
      const restMs = this.#restOfLease(entry?.value);
      if (restMs <= 0) {
        const held = await this.#take(entry);
        if (held !== undefined) return this.#renew(held, obtain);
      } else if (this.#options.remainingMs() < Math.min(restMs, LONGEST_WAIT_MS))
        throw this.#busy(restMs);
      const ceilingMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
      await clock.sleep(ceilingMs * (0.5 + random.next() / 2), signal);
    }
  }

  /** Stores the tokens of a new consent; none of an older one comes back. */
  async begin(issued: IssuedTokens): Promise<void> {
    const row = { ...this.#fresh(), generation: 1 };
    await this.#options.rows.put(this.#filled(row, issued), { ifRev: "any" });
  }

  #usable(row: TokenRecord | undefined, refused: string | undefined): string | undefined {
    if (row?.access == null) return undefined;
    const nowMs = this.#options.clock.now();
    const taken = this.#restOfLease(row) > 0 || row.revoked !== null;
    const endMs = taken && row.expiresAtMs !== null ? row.expiresAtMs - LATEST_MS : row.renewAtMs;
    if (endMs !== null && nowMs >= endMs) return undefined;
    const token = this.#options.keys.open(this.#place("access-token", row.generation), row.access);
    return token.reveal() === refused ? undefined : token.reveal();
  }

  #restOfLease(row: TokenRecord | undefined): number {
    return row?.lease == null ? 0 : row.lease.endsAtMs + MARGIN_MS - this.#options.clock.now();
  }

  /** Writes down that new tokens are about to be asked for. `undefined` when somebody else was faster. */
  async #take(entry: Entry<TokenRecord> | undefined): Promise<Held | undefined> {
    const { rows, owner, clock } = this.#options;
    const last = entry?.value ?? this.#fresh();
    const fence = last.fence + 1;
    const lease = { owner, fence, endsAtMs: clock.now() + LEASE_MS };
    const interrupted = last.interrupted || last.lease !== null;
    const row: TokenRecord = { ...last, fence, lease, interrupted };
    const ttl = this.#ttl(row);
    const written =
      entry === undefined
        ? await rows.create(row, ttl)
        : await rows.put(row, { ...ttl, ifRev: entry.rev });
    return written.ok ? { row, interrupted } : undefined;
  }

  #renew(held: Held, obtain: Obtain): Promise<string> {
    const work = this.#exchange(held, obtain);
    // The caller may be gone before the vendor has answered.
    this.#options.defer(
      "refresh of a connection's token",
      work.catch(() => undefined),
    );
    return work;
  }

  async #exchange({ row, interrupted }: Held, obtain: Obtain): Promise<string> {
    const refresh =
      row.refresh === null
        ? undefined
        : this.#options.keys
            .open(this.#place("refresh-token", row.generation), row.refresh)
            .reveal();
    let issued: IssuedTokens;
    try {
      issued = await obtain(refresh);
    } catch (thrown) {
      const token = await this.#failed(row, thrown, interrupted);
      if (token !== undefined) return token;
      throw thrown;
    }
    return this.#store(row, issued);
  }

  async #store(base: TokenRecord, issued: IssuedTokens): Promise<string> {
    const { rows } = this.#options;
    const change = (current: TokenRecord | undefined): TokenRecord | undefined => {
      if (current === undefined || current.epoch !== base.epoch) return undefined;
      if (current.generation > base.generation && current.obtainedBy > base.fence) return undefined;
      const lease = current.lease?.fence === base.fence ? null : current.lease;
      const row = { ...current, lease, obtainedBy: base.fence, generation: current.generation + 1 };
      return this.#filled(row, issued);
    };
    const ttl = this.#ttl({ ...base, refresh: issued.refreshToken ?? null }, issued.expiresAtMs);
    await this.#persist(() => rows.update(this.#key, change, ttl));
    return issued.accessToken;
  }

  /** Frees the lease. Gives a token when somebody who had been given up came back with one meanwhile. */
  async #failed(
    base: TokenRecord,
    thrown: unknown,
    interrupted: boolean,
  ): Promise<string | undefined> {
    const revoked = Fault.is(thrown) && isRevoked(thrown);
    const unknown = Fault.is(thrown) && thrown.details["outcome"] === "unknown";
    const reason = revoked ? String(thrown.details["reason"]) : "";
    const entry = await this.#persist(() =>
      this.#options.rows.update(this.#key, (current) => {
        if (current === undefined || current.epoch !== base.epoch) return undefined;
        if (current.generation > base.generation) return undefined;
        if (revoked)
          return {
            ...current,
            lease: null,
            revoked: interrupted && base.refresh !== null ? lostWith(reason) : reason,
          };
        if (current.lease?.fence !== base.fence) return undefined;
        return { ...current, lease: null, interrupted: interrupted || unknown };
      }),
    );
    const row = entry?.value;
    if (row !== undefined && row.generation > base.generation) return this.#usable(row, undefined);
    if (!revoked) return undefined;
    const fault = this.#revoked(row ?? { ...base, revoked: reason });
    await this.#options.onRevoked(fault);
    throw fault;
  }

  /** What a vendor gave is not given again: a store that is down for a moment is asked again. */
  async #persist<T>(write: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await write();
      } catch (thrown) {
        if (attempt === STORE_ATTEMPTS) throw thrown;
        await clock.sleep(LONGEST_WAIT_MS * attempt);
      }
    }
  }

  #fresh(): TokenRecord {
    return {
      ...this.#key,
      epoch: this.#options.random.uuid(),
      generation: 0,
      access: null,
      refresh: null,
      expiresAtMs: null,
      renewAtMs: null,
      lease: null,
      fence: 0,
      obtainedBy: 0,
      interrupted: false,
      revoked: null,
    };
  }

  #filled(row: TokenRecord, { accessToken, refreshToken, expiresAtMs }: IssuedTokens): TokenRecord {
    const { keys, clock } = this.#options;
    const nowMs = clock.now();
    const sealed = (field: string, token: string): string =>
      keys.seal(this.#place(field, row.generation), new Redacted(token));
    return {
      ...row,
      access: sealed("access-token", accessToken),
      refresh: refreshToken === undefined ? null : sealed("refresh-token", refreshToken),
      expiresAtMs: expiresAtMs ?? null,
      renewAtMs: expiresAtMs === undefined ? null : expiresAtMs - earlyMs(expiresAtMs - nowMs),
      interrupted: false,
      revoked: null,
    };
  }

  #place(field: string, version: number) {
    const { integration, connection } = this.#options;
    return { integration, connection, field, version };
  }

  /** Only what can be obtained again ends by itself. */
  #ttl(row: TokenRecord, expiresAtMs = row.expiresAtMs ?? undefined): { ttlSeconds?: number } {
    if (row.slot === "oauth2") return {};
    const restMs = Math.max(0, (expiresAtMs ?? 0) - this.#options.clock.now());
    return { ttlSeconds: Math.ceil(restMs / 1000) + KEPT_SECONDS };
  }

  #revoked(row: TokenRecord): Fault {
    const { integration, connection } = this.#options;
    return new Fault(
      "failed_precondition",
      `connections.token: ${integration}/${connection} is no longer accepted (${row.revoked}); reconnect it with "npm run connect -- ${integration}"`,
      { origin: "caller", details: { integration, connection, revoked: true } },
    );
  }

  #busy(restMs: number): Fault {
    return new Fault(
      "aborted",
      "connections.token: another call is obtaining a token and this one has no time to wait; repeat it",
      { origin: "platform", retryAfterMs: Math.max(1_000, restMs) },
    );
  }
}

function earlyMs(lifeMs: number): number {
  return Math.min(EARLY_MS, lifeMs / 5);
}

function lostWith(reason: string): string {
  return `a refresh was interrupted and its tokens were lost with it: ${reason}`;
}
