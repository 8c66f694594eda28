/** A write that a client began. */
export type Op = {
  readonly id: string;
  readonly key: string;
  readonly cloud: string;
  readonly kind: "put" | "delete";
  /** The write whose outcome its client had read. */
  readonly based: string | undefined;
  isAcknowledged: boolean;
};

/** What clients did to keys, and which write had seen which. */
export class WrittenHistory {
  readonly #ops = new Map<string, Op>();

  begin(op: Omit<Op, "id" | "isAcknowledged">): Op {
    const begun: Op = { ...op, id: `w${this.#ops.size + 1}`, isAcknowledged: false };
    this.#ops.set(begun.id, begun);
    return begun;
  }

  isDeleted(key: string): boolean {
    return [...this.#ops.values()].some((op) => op.key === key && op.kind === "delete");
  }

  /** Whether one write had seen another, directly or through others. */
  hasSeen(later: string, earlier: string): boolean {
    let at = this.#ops.get(later)?.based;
    while (at !== undefined && at !== earlier) at = this.#ops.get(at)?.based;
    return at === earlier;
  }

  /**
   * What is wrong with what a key holds in the end: an acknowledged write that had seen it is lost. Writes that were
   * acknowledged only by a cloud that is gone may be.
   */
  violations(key: string, held: string | undefined, lostCloud: string | undefined): string[] {
    const acknowledged = [...this.#ops.values()].filter(
      (op) => op.key === key && op.isAcknowledged && op.cloud !== lostCloud,
    );
    if (held === undefined) {
      const isLost = acknowledged.length > 0 && !this.isDeleted(key);
      return isLost ? [`${key} is gone, and nobody deleted it`] : [];
    }
    const later = acknowledged.find(({ id }) => this.hasSeen(id, held));
    if (later === undefined) return [];
    return [`${key} holds ${held}, which ${later.id} (${later.kind}, ${later.cloud}) had replaced`];
  }
}
