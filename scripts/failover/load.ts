import { randomUUID } from "node:crypto";
import { type Answer, call, type ProductClient } from "../demo/product-client.ts";

/** One call as its caller saw it. */
export type Made = {
  /** The text of the message that it was to post; `undefined` for a call that only reads. */
  readonly text: string | undefined;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly status: number;
  readonly runtime: string;
  readonly run: string;
  readonly costUsd: string;
  readonly code: string;
};

const CHANNEL = "C0FAILOVER";

/** Callers that call one after the other without a pause: some read, and some post a message each of its own. */
export class Load {
  readonly made: Made[] = [];
  readonly #client: ProductClient;
  #isOver = false;

  constructor(client: ProductClient) {
    this.#client = client;
  }

  /** Calls until told to finish; resolves when the last calls have ended. */
  async run(readers: number, writers: number): Promise<void> {
    const loops = [
      ...Array.from({ length: readers }, () => this.#loop(false)),
      ...Array.from({ length: writers }, () => this.#loop(true)),
    ];
    await Promise.all(loops);
  }

  finish(): void {
    this.#isOver = true;
  }

  /** Where calls that began after a moment were answered, and how many. */
  runtimesSince(sinceMs: number): ReadonlyMap<string, number> {
    const after = this.made.filter(({ beganMs, status }) => beganMs >= sinceMs && status === 200);
    const groups = Map.groupBy(after, ({ runtime }) => runtime);
    return new Map([...groups].map(([runtime, calls]) => [runtime, calls.length]));
  }

  async #loop(writes: boolean): Promise<void> {
    while (!this.#isOver) {
      const text = writes ? randomUUID() : undefined;
      const beganMs = Date.now();
      const answer = await this.#call(text).catch(() => undefined);
      this.made.push({
        text,
        beganMs,
        endedMs: Date.now(),
        status: answer?.status ?? 0,
        runtime: answer?.headers.get("x-auterity-runtime") ?? "",
        run: answer?.headers.get("x-auterity-run") ?? "",
        costUsd: answer?.headers.get("x-auterity-cost-usd") ?? "",
        code: codeOf(answer),
      });
    }
  }

  #call(text: string | undefined): Promise<Answer> {
    const action = text === undefined ? "auth-test" : "post-message";
    const input = text === undefined ? {} : { channel: CHANNEL, text, blocks: [] };
    return call(this.#client, "POST", `/v1/integrations/slack/actions/${action}`, {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
  }
}

/** The code of a problem answer. */
function codeOf(answer: Answer | undefined): string {
  const code = answer?.json["code"];
  return typeof code === "string" ? code : "";
}
