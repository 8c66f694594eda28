import { Fault } from "#shared/errors";
import type { Clock } from "#shared/function";
import { Bucket, type PaceRule } from "./bucket.ts";
import { HostBreaker } from "./host-breaker.ts";
import { rateLimitResetMs } from "./rate-limit.ts";
import { retryAfterMs } from "./retry-after.ts";

/** A request on its way out. */
export type Leaving = {
  readonly method: string;
  readonly url: URL;
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
};

/** What became of it: the head of an answer, or the Fault that came instead of one. */
export type Arrived =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | Fault;

/** Holds the requests of one connection back, so that no other one waits for it. */
export type Pace = {
  /** Waits its turn, or throws a Fault from `upstream` for a request that is not sent; resolves to who is told the end. */
  enter(leaving: Leaving): Promise<(arrived: Arrived) => void>;
};

/** What an instance has learned about the limits of its connections. Outlives an invocation and holds nothing of one. */
export type Pacing = { of(connection: string, clock: Clock): Pace };

/** Requests of one connection that are under way at once; more are refused, not queued. */
const MAX_UNDER_WAY = 32;
/** The longest a request is held back here; who has to wait longer is told so. */
const MAX_HELD_MS = 5_000;
const MAX_CONNECTIONS = 1_000;
const MAX_FAMILIES = 200;

/**
 * Paces by declared `rules`, by what answers tell (`Retry-After`, rate-limit headers), and by a breaker per host
 * (https://martinfowler.com/bliki/CircuitBreaker.html). Waits are learned per first path segment, because vendors keep
 * separate budgets for parts of their APIs.
 */
export function createPacing(rules: readonly PaceRule[] = []): Pacing {
  const known = new Map<string, ConnectionPace>();
  return {
    of(connection, clock) {
      const pace = known.get(connection) ?? new ConnectionPace(rules);
      // The one used last moves to the end, so that the first is the one to forget.
      known.delete(connection);
      known.set(connection, pace);
      for (const [oldest] of known) {
        if (known.size <= MAX_CONNECTIONS) break;
        known.delete(oldest);
      }
      return { enter: (leaving) => pace.enter(leaving, clock) };
    },
  };
}

class ConnectionPace {
  readonly #buckets: readonly Bucket[];
  readonly #breakers = new Map<string, HostBreaker>();
  readonly #notBeforeMs = new Map<string, number>();
  #underWay = 0;

  constructor(rules: readonly PaceRule[]) {
    this.#buckets = rules.map((rule) => new Bucket(rule));
  }

  async enter(leaving: Leaving, clock: Clock): Promise<(arrived: Arrived) => void> {
    const { url, signal } = leaving;
    const breaker = this.#breakers.get(url.host) ?? new HostBreaker();
    this.#breakers.set(url.host, breaker);
    if (this.#underWay >= MAX_UNDER_WAY) throw overrun(url, 1_000);
    const openMs = breaker.openMs(clock.now());
    if (openMs > 0) throw down(url, openMs);
    const waitMs = this.#waitMs(leaving, clock.now());
    if (waitMs > 0) {
      if (waitMs > Math.min(MAX_HELD_MS, leaving.remainingMs())) throw overrun(url, waitMs);
      this.#take(leaving, clock.now());
      await clock.sleep(waitMs, signal);
    } else this.#take(leaving, clock.now());
    breaker.entered(clock.now());
    this.#underWay++;
    return (arrived) => {
      this.#underWay--;
      breaker.left(isFailure(arrived, signal), clock.now());
      if (!Fault.is(arrived)) this.#learn(url, arrived, clock.now());
    };
  }

  #waitMs({ method, url }: Leaving, nowMs: number): number {
    const waits = this.#buckets.map((bucket) => bucket.waitMs(method, url.pathname, nowMs));
    const asked = (this.#notBeforeMs.get(familyOf(url)) ?? 0) - nowMs;
    return Math.max(0, asked, ...waits);
  }

  #take({ method, url }: Leaving, nowMs: number): void {
    for (const bucket of this.#buckets) bucket.take(method, url.pathname, nowMs);
  }

  #learn(url: URL, { status, headers }: Exclude<Arrived, Fault>, nowMs: number): void {
    const asked =
      status === 429 || status === 503 ? retryAfterMs(headers["retry-after"], nowMs) : undefined;
    const waitMs = asked ?? rateLimitResetMs(headers, nowMs);
    if (waitMs === undefined) return;
    if (this.#notBeforeMs.size >= MAX_FAMILIES) this.#notBeforeMs.clear();
    this.#notBeforeMs.set(familyOf(url), nowMs + waitMs);
  }
}

function familyOf(url: URL): string {
  return `${url.host}/${url.pathname.split("/")[1] ?? ""}`;
}

/** What speaks against the other side; not what it refused, and not that our own time was over. */
function isFailure(arrived: Arrived, signal: AbortSignal): boolean {
  if (!Fault.is(arrived)) return arrived.status >= 500 && arrived.status !== 501;
  const { code } = arrived;
  return (code === "unavailable" || code === "deadline_exceeded") && !signal.aborted;
}

function overrun(url: URL, waitMs: number): Fault {
  return new Fault(
    "resource_exhausted",
    `http.pace: ${url.host} takes no more requests of this connection now; repeat it later`,
    { origin: "upstream", retryAfterMs: waitMs, details: { sent: false } },
  );
}

function down(url: URL, waitMs: number): Fault {
  return new Fault(
    "unavailable",
    `http.pace: ${url.host} has failed several times in a row and is left alone; repeat it later`,
    { origin: "upstream", retryAfterMs: waitMs, details: { sent: false } },
  );
}
