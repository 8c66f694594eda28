import { Fault } from "#shared/errors";
import { defineStream } from "#shared/integration";
import * as z from "zod";
import { failureOf, flow, flowPath, value } from "../client.ts";

/** One block of a flow's answer. */
const Block = z.union([
  z.object({ message: value }),
  z.object({ result: value }),
  z.object({ error: z.object({ status: z.string().optional() }) }),
]);

export const streamFlow = defineStream({
  summary: "Run a flow and hear what it has while it runs",
  docs: "https://genkit.dev/docs/client",
  scopes: [],
  effect: "write",
  idempotency: { kind: "none", why: "a flow may do anything, and its protocol has no key" },
  input: z.object({ flow, input: value.default(null) }),
  chunk: value,
  output: z.object({ result: value }),
  async *stream(api, { flow: name, input }) {
    const bytes = api.stream({
      method: "POST",
      path: flowPath(name),
      headers: { accept: "text/event-stream" },
      json: { data: input },
      format: "bytes",
      chunk: z.instanceof(Uint8Array),
      silenceSeconds: 60,
    });
    for await (const block of blocksOf(bytes)) {
      if ("message" in block) yield block.message;
      else if ("result" in block) return { result: block.result };
      else throw brokenOff(block.error.status);
    }
    throw brokenOff(undefined);
  },
});

/**
 * The blocks are nearly server-sent events, but a failure is a field that no reader of those knows:
 * https://github.com/firebase/genkit/blob/main/js/plugins/express/src/index.ts
 */
async function* blocksOf(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<z.output<typeof Block>, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of bytes) {
    rest += decoder.decode(part, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) yield readBlock(block);
  }
}

function readBlock(text: string): z.output<typeof Block> {
  try {
    return Block.parse(JSON.parse(text.replace(/^(?:data|error): /, "")));
  } catch {
    throw new Fault("internal", "genkit.stream-flow: the server sent a block that is none", {
      origin: "upstream",
      details: { outcome: "unknown" },
    });
  }
}

function brokenOff(status: string | undefined): Fault {
  const code = failureOf({ status })?.code ?? "unavailable";
  return new Fault(code, "genkit.stream-flow: the flow broke off; look at its trace", {
    origin: "upstream",
    details: { outcome: "unknown" },
  });
}
