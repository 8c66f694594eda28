import * as fc from "fast-check";
import { expect, it } from "vitest";
import { sseData } from "./sse.ts";

async function read(chunks: readonly Uint8Array[]): Promise<string[]> {
  const data: string[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  for await (const one of sseData(source())) data.push(one);
  return data;
}

it("reads events wherever their bytes are torn, with any ends of lines", async () => {
  const line = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]/.test(text));
  const ends = fc.constantFrom("\n", "\r\n", "\r");
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      ends,
      fc.integer({ min: 1, max: 7 }),
      async (texts, end, size) => {
        const bytes = Buffer.from(
          texts.map((text) => `: ping${end}data: ${text}${end}${end}`).join(""),
        );
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        // The last carriage return may be half of a line's end, which nobody can tell at the end of a stream.
        expect(await read([...chunks, Buffer.from("\n")])).toEqual(texts);
      },
    ),
  );
});

it("joins lines of one event, and drops one that was not ended", async () => {
  expect(await read([Buffer.from("event: x\ndata: a\ndata:b\nid: 1\n\ndata: c\n")])).toEqual([
    "a\nb",
  ]);
});
