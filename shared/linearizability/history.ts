import { isLinearizable, type Model, type Operation } from "./is-linearizable.ts";

/** Records what concurrent clients asked and were answered, key by key. Its time is the order of these events. */
export class History<Input, Output> {
  readonly #byKey = new Map<string, Operation<Input, Output>[]>();
  #now = 0;

  /**
   * Runs an operation and records it. `run` gives its output, `"unknown"` when it may have happened or not, and
   * `"not-done"` when it certainly has not, which leaves no trace.
   */
  async record(
    key: string,
    input: Input,
    run: () => Promise<Output | "unknown" | "not-done">,
  ): Promise<Output | "unknown" | "not-done"> {
    this.#now += 1;
    const calledAt = this.#now;
    const output = await run();
    this.#now += 1;
    if (output === "not-done") return output;
    const known =
      output === "unknown"
        ? { answeredAt: undefined, output: undefined }
        : { answeredAt: this.#now, output };
    const operations = this.#byKey.get(key) ?? [];
    this.#byKey.set(key, operations);
    operations.push({ calledAt, input, ...known });
    return output;
  }

  /** The operations of each key. */
  get operations(): ReadonlyMap<string, readonly Operation<Input, Output>[]> {
    return this.#byKey;
  }

  /** The keys whose operations cannot have happened one after the other. */
  violations(model: Model<Input, Output>): readonly string[] {
    const entries = [...this.#byKey];
    return entries.filter(([, list]) => !isLinearizable(model, list)).map(([key]) => key);
  }
}
