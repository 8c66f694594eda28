const SHOWN = "[secret]";

/** A secret that does not print: not as text, not as JSON, not in Node's inspection, not as a template part. */
export class Redacted {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. Call it where the value is used and keep it nowhere. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  // https://nodejs.org/api/util.html#custom-inspection-functions-on-objects
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SHOWN;
  }
}
