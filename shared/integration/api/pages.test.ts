import { type Scripted, scriptedApi } from "#shared/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { path } from "../path.ts";
import { list, type Listed, pages, type Paging } from "./pages.ts";

const Page = z.object({ items: z.array(z.int()), next: z.string().nullish() });
type Page = z.output<typeof Page>;
const call = { method: "GET", path: path`/items`, query: { size: 2 }, response: Page } as const;
const items = (page: Page): number[] => page.items;
const next = (page: Page): string | null | undefined => page.next;
const cursor: Paging<Page, number> = { kind: "cursor", items, next, param: "after" };
const link: Paging<Page, number> = { kind: "link", items, params: ["page", "q"] };
const counted: Paging<Page, number> = { kind: "page", items, param: "page", size: 2 };
const offset: Paging<Page, number> = { kind: "offset", items, param: "skip", size: 2 };

const page = (numbers: number[], more: string | null = null, headers = {}): Scripted => ({
  json: { items: numbers, next: more },
  headers,
});

async function read(answers: readonly Scripted[], paging: Paging<Page, number>, from?: string) {
  const { api, sent } = scriptedApi(answers);
  const found: number[] = [];
  for await (const one of pages(api, call, paging, from)) found.push(...one.items);
  return { found, asked: sent.map(({ url }) => new URL(url).search) };
}

describe("pages", () => {
  it("follow a cursor to its end", async () => {
    const answers = [page([1, 2], "c=1&"), page([], "c2"), page([3], "")];
    expect(await read(answers, cursor)).toEqual({
      found: [1, 2, 3],
      asked: ["?size=2", "?size=2&after=c%3D1%26", "?size=2&after=c2"],
    });
    expect((await read([page([9])], cursor, "c7")).asked).toEqual(["?size=2&after=c7"]);
  });

  it("put a cursor where the vendor wants it", async () => {
    for (const within of ["json", "form"] as const) {
      const { api, sent } = scriptedApi([page([1], "c1"), page([2])]);
      const post = { ...call, method: "POST", [within]: { size: 2 } } as const;
      const listed = await list(api, post, { ...cursor, within });
      expect(listed).toEqual({ items: [1, 2], next: null });
      expect(sent[1]?.text).toBe(within === "json" ? '{"size":2,"after":"c1"}' : "size=2&after=c1");
    }
  });

  it("follow a link's position, and the link nowhere else", async () => {
    const header =
      '<https://api.example.com/v2/items?page=1>; rel="prev first", <https://evil.example/other?page=2&q=a%26b&admin=1>; title="rel=\\"last\\", <x>"; rel="last next"';
    const answers: Scripted[] = [page([1], null, { link: header }), page([2])];
    const { asked, found } = await read(answers, link);
    expect([found, asked]).toEqual([
      [1, 2],
      ["?size=2", "?size=2&page=2&q=a%26b"],
    ]);
    const { api, sent } = scriptedApi(answers);
    await list(api, call, link);
    expect(sent.every(({ url }) => url.startsWith("https://api.example.com/v2/items?"))).toBe(true);
  });

  it.each([
    ["</v2/items?page=2>;rel=next", "?size=2&page=2"],
    ["<?page=2>; REL=NEXT; x", "?size=2&page=2"],
    ['<?page=2>; rel="nextpage"', undefined],
    ["<?page=2>; rel=last", undefined],
    ['<?page=2>; title="rel=next"', undefined],
    ["garbage", undefined],
    ["", undefined],
  ])("read the link header %s", async (header, asked) => {
    const answers: Scripted[] = [page([1], null, { link: header }), page([2])];
    expect((await read(answers, link)).asked[1]).toBe(asked);
  });

  it("take time that grows with a link header, not with its square", async () => {
    for (const header of [
      `<a>${"; a".repeat(5_000)}`,
      `<a>;${" ".repeat(15_000)}`,
      "<".repeat(15_000),
    ]) {
      const answers: Scripted[] = [page([1], null, { link: header })];
      expect((await read(answers, link)).found).toEqual([1]);
    }
  });

  it("follow a url in the body by its position", async () => {
    const url: Paging<Page, number> = { kind: "url", items, next, params: ["$skiptoken"] };
    const answers = [page([1], "https://evil.example/x?$skiptoken=s1&api-version=9"), page([2])];
    expect((await read(answers, url)).asked[1]).toBe("?size=2&%24skiptoken=s1");
    await expect(read([page([1], "https://api.example.com/v2/items")], url)).rejects.toMatchObject({
      code: "internal",
      origin: "upstream",
    });
  });

  it("count pages and items until one is not full", async () => {
    const answers = [page([1, 2]), page([3, 4]), page([5])];
    expect((await read(answers, counted)).asked).toEqual([
      "?size=2",
      "?size=2&page=2",
      "?size=2&page=3",
    ]);
    expect((await read(answers, offset)).asked).toEqual([
      "?size=2",
      "?size=2&skip=2",
      "?size=2&skip=4",
    ]);
    expect((await read(answers, { ...counted, first: 0 })).asked[1]).toBe("?size=2&page=1");
  });

  it("end with a fault when the vendor goes round", async () => {
    const fault = { code: "internal", origin: "upstream" };
    const round = [page([1], "a"), page([2], "b"), page([3], "a")];
    await expect(read(round, cursor)).rejects.toMatchObject(fault);
    await expect(read([page([1], "a")], cursor, "a")).rejects.toMatchObject(fault);
    const { api, sent } = scriptedApi([page([1, 2])]);
    const all = list(api, call, counted, { maxPages: 1e9 });
    await expect(all).rejects.toMatchObject(fault);
    expect(sent).toHaveLength(1_000);
  });

  it.each([
    [link, "admin=1"],
    [link, "page=1&admin=1"],
    [link, ""],
    [counted, "2&admin=1"],
    [offset, "-1"],
  ])("refuse a position that is none: %j %s", async (paging, from) => {
    await expect(read([page([1])], paging, from)).rejects.toMatchObject({
      code: "invalid_argument",
      origin: "caller",
    });
  });
});

describe("a list", () => {
  const answers = [page([1, 2], "a"), page([3, 4], "b"), page([5, 6], "c"), page([7])];

  it("ends with whole pages when there is enough, and tells where to go on", async () => {
    const { api } = scriptedApi(answers);
    expect(await list(api, call, cursor, { enough: 3 })).toEqual({
      items: [1, 2, 3, 4],
      next: "b",
    });
    const again = scriptedApi(answers);
    expect(await list(again.api, call, cursor, { maxPages: 1 })).toEqual({
      items: [1, 2],
      next: "a",
    });
  });

  it("ends before the invocation does", async () => {
    const { api, sent } = scriptedApi(answers, { remainingMs: () => 2_999 });
    expect(await list(api, call, cursor)).toMatchObject({ next: "a" });
    expect(sent).toHaveLength(1);
  });

  it("loses and doubles nothing, whatever the pages and wherever a caller stops", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer(), { maxLength: 3 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (chunks, enough) => {
          const vendor = chunks.map((numbers, index) =>
            page(numbers, index === chunks.length - 1 ? null : `at-${index + 1}`),
          );
          const found: number[] = [];
          let from: string | null = null;
          do {
            const start: number = from === null ? 0 : Number(from.slice(3));
            const { api } = scriptedApi(vendor.slice(start));
            const listed: Listed<number> = await list(api, call, cursor, { enough, from });
            found.push(...listed.items);
            from = listed.next;
          } while (from !== null);
          expect(found).toEqual(chunks.flat());
        },
      ),
    );
  });
});
