import { Fault, toProblem } from "#shared/errors";

/** A function's answer is collected, and AWS Lambda's ends at 6 MB, of which an encoding may take a third. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * A flow's answer in the protocol of Genkit's servers and clients, which is not quite server-sent events: a failure is a
 * field of its own. https://github.com/firebase/genkit/blob/main/js/plugins/express/src/index.ts
 */
export class FlowText {
  #text = "";
  #sizeBytes = 0;
  #chunks = 0;

  get chunks(): number {
    return this.#chunks;
  }

  /** Adds what the flow has so far. Throws `too_large` where no host can carry more. */
  send(chunk: unknown): void {
    const block = `data: ${JSON.stringify({ message: chunk ?? null })}\n\n`;
    this.#sizeBytes += Buffer.byteLength(block);
    if (this.#sizeBytes > MAX_BYTES) {
      throw new Fault("too_large", `flow.stream: more than ${MAX_BYTES} bytes; send less`);
    }
    this.#text += block;
    this.#chunks += 1;
  }

  /** The answer of a flow that ended well. */
  finished(result: unknown): string {
    return `${this.#text}data: ${JSON.stringify({ result: result ?? null })}\n\n`;
  }

  /** The answer of one that broke off. */
  brokenOff(fault: Fault, instance: string): string {
    const { detail, details } = toProblem(fault, instance);
    const error = { status: fault.code.toUpperCase(), message: detail, details };
    return `${this.#text}error: ${JSON.stringify({ error })}\n\n`;
  }
}
