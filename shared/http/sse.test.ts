import * as fc from "fast-check";
import { expect, it } from "vitest";
import { linesOf, sseData, type SseEvent, sseEvents } from "./sse.ts";

async function* torn(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

const ends = fc.constantFrom("\n", "\r\n", "\r");
const line = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]/.test(text));

it("reads events wherever their bytes are torn, with any ends of lines", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      ends,
      fc.integer({ min: 1, max: 7 }),
      async (texts, end, size) => {
        const text = texts.map((one) => `: ping${end}data: ${one}${end}${end}`).join("");
        expect(await all(sseData(torn(Buffer.from(text), size)))).toEqual(texts);
      },
    ),
  );
});

it("reads lines wherever their bytes are torn", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      ends,
      fc.integer({ min: 1, max: 7 }),
      async (lines, end, size) => {
        const text = lines.map((one) => one + end).join("");
        expect(await all(linesOf(torn(Buffer.from(text), size)))).toEqual(lines);
        expect(await all(linesOf(torn(Buffer.from(`${text}rest`), size), "keep"))).toEqual([
          ...lines,
          "rest",
        ]);
      },
    ),
  );
});

it("reads names and ids, joins lines of one event, and drops what has no data or was not ended", async () => {
  const text =
    "event: a\ndata: 1\ndata:2\nid: 7\n\nevent: lost\n\ndata\n\nid: 8\0\nretry: 5\ndata:  x\n\nid\ndata: y\n\ndata: not ended\n";
  expect(await all(sseEvents(torn(Buffer.from(text), 1)))).toEqual<SseEvent[]>([
    { event: "a", data: "1\n2", id: "7" },
    { event: "message", data: "", id: "7" },
    { event: "message", data: " x", id: "7" },
    { event: "message", data: "y", id: "" },
  ]);
});

it("leaves a byte order mark out", async () => {
  expect(await all(sseData(torn(Buffer.from("\uFEFFdata: a\n\n"), 2)))).toEqual(["a"]);
});

it("looks at each byte once: a long line in small parts takes no time that grows with its square", async () => {
  const bytes = Buffer.from(`data: ${"x".repeat(4_000_000)}\n\n`);
  const [data] = await all(sseData(torn(bytes, 64)));
  expect(data).toHaveLength(4_000_000);
});
