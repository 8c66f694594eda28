import type { ChatReply, Finish, ModelDelta, ToolCall, Usage } from "./driver.ts";

export const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
};

/** The tokens of two rounds. */
export function sumUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  };
}

/** Puts the pieces of an answer together. */
export class Collector {
  #text = "";
  #usage = noUsage;
  #finish: Finish | undefined;
  readonly #calls = new Map<number, ToolCall>();

  add(delta: ModelDelta): void {
    if (delta.kind === "text") this.#text += delta.text;
    else if (delta.kind === "usage") this.#usage = delta.usage;
    else if (delta.kind === "finish") this.#finish = delta.finish;
    else {
      const { id = "", name = "", input = "" } = this.#calls.get(delta.index) ?? {};
      this.#calls.set(delta.index, {
        id: delta.id ?? id,
        name: delta.name ?? name,
        input: input + delta.input,
      });
    }
  }

  /** How much has arrived, for a fault: sizes, no content. */
  get arrived(): { readonly receivedChars: number; readonly receivedCalls: number } {
    return { receivedChars: this.#text.length, receivedCalls: this.#calls.size };
  }

  /** The whole answer; `undefined` when its end did not come. */
  get reply(): ChatReply | undefined {
    if (this.#finish === undefined) return undefined;
    const calls = [...this.#calls].toSorted(([a], [b]) => a - b).map(([, call]) => call);
    return { text: this.#text, calls, finish: this.#finish, usage: this.#usage };
  }
}
