import { Fault } from "#shared/errors";
import { callWithFailover, type FailoverTarget } from "#shared/failover";
import type { Clock, Random } from "#shared/function";
import { type ReadTable, readRouteTable } from "./read-route-table.ts";

export type RouteClientOptions = {
  /** Where `GET /v1/routes` answers. */
  readonly gatewayUrl: string;
  readonly token: string;
  /** The key that signs the tables, SPKI in base64; told once, out of band. */
  readonly publicKey: string;
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a call may take, whoever answers it; 60 s when left out. */
  readonly timeoutMs?: number;
};

export type RoutedCall = {
  readonly function: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

type TableArm = ReadTable["functions"][number]["arms"][number];

/** A runtime that gave no answer is left alone for so long. */
const AVOID_MS = 10_000;
const TIMEOUT_MS = 60_000;

/**
 * Calls functions where they are cheapest, by a signed table that is good for a minute: no hop, no gateway on the way.
 * Every call carries an idempotency key that is made before its first attempt, so that a runtime which gave no answer can
 * be left for the next one without a second effect; an answer, whatever it says, is final.
 */
export class RouteClient {
  readonly #options: RouteClientOptions;
  readonly #avoidUntilMs = new Map<string, number>();
  #table: ReadTable | undefined;

  constructor(options: RouteClientOptions) {
    this.#options = options;
  }

  /**
   * Throws `not_found` for a function that the table does not have, `unavailable` when nothing answered anywhere,
   * `deadline_exceeded` when nothing did in time, and what {@link readRouteTable} throws.
   */
  async call(call: RoutedCall): Promise<Response> {
    const { clock, random, timeoutMs = TIMEOUT_MS } = this.#options;
    const [first, ...others] = await this.#armsOf(call.function);
    if (first === undefined) throw nowhere(call.function);
    const options = {
      key: call.headers?.["idempotency-key"],
      deadlineMs: clock.now() + timeoutMs,
      maxAttempts: 1 + others.length,
    };
    const targets = [
      this.#target(call, first),
      ...others.map((arm) => this.#target(call, arm)),
    ] as const;
    const { value } = await callWithFailover(targets, options, { clock, random });
    return value;
  }

  /** One runtime; what it says is final, and what gives no answer is left alone for a while. */
  #target(call: RoutedCall, { runtime, url }: TableArm): FailoverTarget<Response> {
    return {
      name: runtime,
      // Every attempt carries the call's key.
      isIdempotent: true,
      call: async ({ key, signal }) => {
        const headers = {
          ...call.headers,
          "idempotency-key": key,
          authorization: `Bearer ${this.#options.token}`,
          "x-auterity-target": runtime,
        };
        const body = call.body === undefined ? {} : { body: call.body };
        // The signal also ends when the call is decided, and the body of the answer that won is still to be read.
        const hangUp = new AbortController();
        const onAbort = (): void => hangUp.abort(signal.reason);
        signal.addEventListener("abort", onAbort, { once: true });
        try {
          const init = { method: call.method, headers, signal: hangUp.signal, ...body };
          return await this.#options.fetch(new URL(call.path, url), init);
        } catch (thrown) {
          this.#avoidUntilMs.set(runtime, this.#options.clock.now() + AVOID_MS);
          throw noAnswer(call.function, thrown);
        } finally {
          signal.removeEventListener("abort", onAbort);
        }
      },
    };
  }

  /** Cheapest first; what is down or gave no answer lately comes last rather than never. */
  async #armsOf(name: string): Promise<readonly TableArm[]> {
    const { functions } = await this.#fresh();
    const found = functions.find((fn) => fn.name === name);
    if (found === undefined) {
      throw new Fault("not_found", `client.call: no function is called "${name}"; see the table`, {
        origin: "caller",
      });
    }
    const nowMs = this.#options.clock.now();
    const isBad = (runtime: string, up: boolean): boolean =>
      !up || (this.#avoidUntilMs.get(runtime) ?? 0) > nowMs;
    const rank = ({ runtime, up, usd }: (typeof found.arms)[number]): number =>
      isBad(runtime, up) ? Number.MAX_VALUE : (usd ?? Number.MAX_VALUE / 2);
    return found.arms.toSorted((a, b) => rank(a) - rank(b));
  }

  async #fresh(): Promise<ReadTable> {
    const { clock, gatewayUrl, token, publicKey } = this.#options;
    if (this.#table !== undefined && clock.now() < this.#table.expiresAtMs) return this.#table;
    const headers = { authorization: `Bearer ${token}` };
    const url = new URL("/v1/routes", gatewayUrl);
    const response = await this.#options.fetch(url, { method: "GET", headers });
    this.#table = readRouteTable(await response.json(), publicKey);
    return this.#table;
  }
}

function noAnswer(name: string, cause: unknown): Fault {
  return new Fault("unavailable", `client.call: nothing answered for ${name}; try again`, {
    origin: "platform",
    cause,
  });
}

function nowhere(name: string): Fault {
  return new Fault("unavailable", `client.call: ${name} runs nowhere now; try again`, {
    origin: "platform",
    details: { outcome: "none" },
  });
}
