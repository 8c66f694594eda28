import { toFault } from "#shared/errors";
import { type ClientScope, type Clock, noteUse, type Random } from "#shared/function";
import type { SecretDriver } from "./driver.ts";
import { Redacted } from "./redacted.ts";

/** Long enough to spare the vault, short enough that a rotated secret is used within five minutes. */
const FRESH_MS = 300_000;
/** An absent secret is soon created: somebody is setting the connection up. */
const ABSENT_MS = 30_000;
/** While the vault is down it is asked this often. */
const RETRY_MS = 30_000;
/** How long a known value outlives an unreachable vault. */
const STALE_MS = 3_600_000;
/** Names may come from requests; their number must not grow without bound. */
const MAX_ENTRIES = 10_000;

type Entry = {
  readonly secret: Redacted | undefined;
  readonly readAtMs: number;
  readonly freshUntilMs: number;
};

/**
 * Reads secrets through a cache: one call to the vault per name at a time, a life of 300 s with 10 % jitter so that
 * instances do not ask together, and the last known value for up to an hour while the vault cannot be reached.
 * A failed read is never remembered.
 */
export class SecretReader {
  readonly #driver: SecretDriver;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Map<string, Promise<Redacted | undefined>>();

  constructor(driver: SecretDriver, clock: Clock, random: Random) {
    this.#driver = driver;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * The secret, at most about five minutes old; `undefined` when the vault has none of this name. Whoever makes the vault
   * be asked has it on its receipt.
   */
  async read(name: string, scope?: Pick<ClientScope, "used">): Promise<Redacted | undefined> {
    const entry = this.#entries.get(name);
    if (entry !== undefined && this.#clock.now() < entry.freshUntilMs) return entry.secret;
    return this.#once(name, scope);
  }

  /** Asks the vault now: for when a vendor has just refused the cached value. */
  async refresh(name: string): Promise<Redacted | undefined> {
    return this.#once(name);
  }

  #once(name: string, scope?: Pick<ClientScope, "used">): Promise<Redacted | undefined> {
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    noteUse(scope?.used, "secretRead", this.#driver);
    const reading = this.#load(name).finally(() => this.#running.delete(name));
    this.#running.set(name, reading);
    return reading;
  }

  async #load(name: string): Promise<Redacted | undefined> {
    try {
      // No caller's signal: the read is shared, and one caller's end must not fail the others.
      const found = await this.#driver.read(name, undefined);
      const secret = found === undefined ? undefined : new Redacted(found.value);
      const life = secret === undefined ? ABSENT_MS : FRESH_MS;
      this.#remember(name, secret, this.#clock.now(), life);
      return secret;
    } catch (thrown) {
      return this.#stale(name, thrown);
    }
  }

  #stale(name: string, thrown: unknown): Redacted | undefined {
    const entry = this.#entries.get(name);
    if (entry?.secret !== undefined && this.#clock.now() - entry.readAtMs <= STALE_MS) {
      this.#remember(name, entry.secret, entry.readAtMs, RETRY_MS);
      return entry.secret;
    }
    const code = this.#driver.codeOf(thrown) ?? "internal";
    throw toFault(thrown, code, { origin: "platform", details: { driver: this.#driver.name } });
  }

  #remember(name: string, secret: Redacted | undefined, readAtMs: number, life: number): void {
    const jitter = 0.9 + 0.2 * this.#random.next();
    this.#entries.delete(name);
    this.#entries.set(name, {
      secret,
      readAtMs,
      freshUntilMs: this.#clock.now() + life * jitter,
    });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }
}
