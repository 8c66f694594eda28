import { Fault, toFault, toProblem } from "#shared/errors";
import type { Parts } from "./define-action.ts";

/**
 * No host passes an answer on in parts, so a stream is collected, and AWS Lambda's answers end at 6 MB
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), of which an encoding may take a third.
 */
const MAX_BYTES = 4 * 1024 * 1024;

/** An action's answer as server-sent events: `chunk`s, then `output`, or `fault` if it broke off. */
export class StreamText {
  readonly #instance: string;
  #text = "";
  #sizeBytes = 0;

  /** `instance` is the invocation's id, for the fault. */
  constructor(instance: string) {
    this.#instance = instance;
  }

  /** Reads the parts to their end and gives its output. Throws what it throws, which then ends the text, too. */
  async collect(parts: Parts): Promise<unknown> {
    try {
      for (;;) {
        const part = await parts.next();
        if (part.done === true) return part.value;
        this.#add("chunk", part.value);
      }
    } finally {
      await parts.return(undefined);
    }
  }

  /** The events of an action that ended well. */
  finished(output: unknown): string {
    return this.#text + eventOf("output", output);
  }

  /** The events of one that broke off; `undefined` where nothing came before, so that a plain problem says it all. */
  brokenOff(error: unknown): string | undefined {
    if (this.#text === "") return undefined;
    return this.#text + eventOf("fault", toProblem(toFault(error), this.#instance));
  }

  #add(name: string, value: unknown): void {
    const event = eventOf(name, value);
    this.#sizeBytes += Buffer.byteLength(event);
    if (this.#sizeBytes > MAX_BYTES) {
      throw new Fault("too_large", `action.stream: more than ${MAX_BYTES} bytes; ask for less`);
    }
    this.#text += event;
  }
}

function eventOf(name: string, value: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(value ?? null)}\n\n`;
}
