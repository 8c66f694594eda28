import { overlay } from "#shared/faults";
import type { Mutant } from "#shared/testing";
import type { ChatReply, ChatRequest, ModelDelta, ModelDriver } from "../driver.ts";

/** Defects that drivers of models have had, here and elsewhere. */
export function modelMutants<D extends ModelDriver>(): readonly Mutant<D>[] {
  return [
    asking("drops the system prompt", ["M03"], (request) => ({ ...request, system: undefined })),
    asking("sends the last message alone", ["M04"], ({ messages, ...request }) => ({
      ...request,
      messages: messages.slice(-1),
    })),
    asking("ignores the limit of the answer", ["M06"], (request) => ({
      ...request,
      maxTokens: 1_000,
    })),
    asking("drops the tools", ["M08"], (request) => ({ ...request, tools: [] })),
    asking("drops the schema", ["M07"], (request) => ({ ...request, output: undefined })),
    saying("counts no tokens", ["M01", "M02"], (reply) => {
      return { ...reply, usage: { ...reply.usage, inputTokens: 0, outputTokens: 0 } };
    }),
    saying("takes every end for a stop", ["M06"], (reply) => {
      return { ...reply, finish: reply.finish === "length" ? "stop" : reply.finish };
    }),
    saying("takes bytes for letters", ["M05"], (reply) => {
      return { ...reply, text: Buffer.from(reply.text).toString("latin1") };
    }),
    streaming("loses the first piece of a stream", ["M02", "M05"], async function* (stream) {
      let isFirst = true;
      for await (const delta of stream) {
        if (!isFirst) yield delta;
        isFirst = false;
      }
    }),
    streaming("takes a broken stream for a whole one", ["M19"], async function* (stream) {
      try {
        for await (const delta of stream) yield delta;
      } catch {
        // This is the defect.
      }
      yield { kind: "finish", finish: "stop" };
    }),
    mixingUp(),
    mutant("knows no error", ["M16", "M22", "M25"], () => ({ codeOf: () => undefined })),
    mutant("forgets when the vendor wants to be asked", ["M15", "M16"], () => ({
      retryAfterMsOf: () => undefined,
    })),
    mutant("ignores the end of the invocation", ["M20"], (driver) => ({
      chat: (request) => driver.chat(request, AbortSignal.timeout(2_000)),
      stream: (request) => driver.stream(request, AbortSignal.timeout(2_000)),
    })),
  ];
}

/** Within a request, and from one to the next: some vendors take one text at a time. */
function mixingUp<D extends ModelDriver>(): Mutant<D> {
  return mutant("mixes up the order of vectors", ["M10"], (driver) => {
    let before: readonly (readonly number[])[] = [];
    return {
      async embed(...asked) {
        const reply = await driver.embed(...asked);
        const vectors = [...before, ...reply.vectors.toReversed()].slice(0, reply.vectors.length);
        before = reply.vectors.slice(0, 1);
        return { ...reply, vectors };
      },
    };
  });
}

function asking<D extends ModelDriver>(
  defect: string,
  caughtBy: readonly string[],
  change: (request: ChatRequest) => ChatRequest,
): Mutant<D> {
  return mutant(defect, caughtBy, (driver) => ({
    chat: (request, signal) => driver.chat(change(request), signal),
  }));
}

function saying<D extends ModelDriver>(
  defect: string,
  caughtBy: readonly string[],
  change: (reply: ChatReply) => ChatReply,
): Mutant<D> {
  return mutant(defect, caughtBy, (driver) => ({
    chat: async (request, signal) => change(await driver.chat(request, signal)),
  }));
}

function streaming<D extends ModelDriver>(
  defect: string,
  caughtBy: readonly string[],
  change: (stream: AsyncIterable<ModelDelta>) => AsyncIterable<ModelDelta>,
): Mutant<D> {
  return mutant(defect, caughtBy, (driver) => ({
    stream: (request, signal) => change(driver.stream(request, signal)),
  }));
}

function mutant<D extends ModelDriver>(
  defect: string,
  caughtBy: readonly string[],
  change: (driver: ModelDriver) => Partial<ModelDriver>,
): Mutant<D> {
  return { defect, caughtBy, wrap: (driver) => overlay(driver, { ...change(driver) }) };
}
