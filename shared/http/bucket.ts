/** A limit that requests are kept below. */
export type PaceRule = {
  readonly requests: number;
  readonly perSeconds: number;
  /** Beginnings of the paths it counts, with `METHOD ` before them where only that method counts. */
  readonly counts: readonly string[];
};

/** A token bucket (https://www.rfc-editor.org/rfc/rfc2697 calls it so): full at first, refilled at the rule's rate. */
export class Bucket {
  readonly #rule: PaceRule;
  #tokens: number;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(rule: PaceRule) {
    this.#rule = rule;
    this.#tokens = rule.requests;
  }

  /** How long a request has to wait for its token; 0 for one that is not counted. */
  waitMs(method: string, path: string, nowMs: number): number {
    if (!this.#counts(method, path)) return 0;
    this.#refill(nowMs);
    const { requests, perSeconds } = this.#rule;
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) * perSeconds * 1000) / requests);
  }

  /** Takes a token, also one that is still to come: the next request waits longer. */
  take(method: string, path: string, nowMs: number): void {
    if (!this.#counts(method, path)) return;
    this.#refill(nowMs);
    this.#tokens -= 1;
  }

  #refill(nowMs: number): void {
    const { requests, perSeconds } = this.#rule;
    const passedMs = Math.max(0, nowMs - Math.max(this.#atMs, 0));
    this.#tokens = Math.min(requests, this.#tokens + (passedMs * requests) / (perSeconds * 1000));
    this.#atMs = nowMs;
  }

  #counts(method: string, path: string): boolean {
    return this.#rule.counts.some(
      (start) => path.startsWith(start) || `${method} ${path}`.startsWith(start),
    );
  }
}
