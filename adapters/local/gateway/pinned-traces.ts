/** As many traces as may have messages on their way at once. */
const KEPT = 10_000;

/** The latest traces that began with a pinned call, by the ids of https://www.w3.org/TR/trace-context/. */
export class PinnedTraces {
  readonly #ids = new Set<string>();

  add(traceparent: string): void {
    const [oldest] = this.#ids;
    if (this.#ids.size >= KEPT && oldest !== undefined) this.#ids.delete(oldest);
    this.#ids.add(traceIdOf(traceparent));
  }

  has(traceparent: string): boolean {
    return this.#ids.has(traceIdOf(traceparent));
  }
}

function traceIdOf(traceparent: string): string {
  return traceparent.split("-")[1] ?? traceparent;
}
