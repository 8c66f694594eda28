import { Fault, toFault } from "#shared/errors";
import { listen, type TestServer } from "#shared/testing";
import { afterEach, describe, expect, it } from "vitest";
import { jsonOverHttp } from "./json-over-http.ts";
import type { FeedResult, PriceFeed } from "./price-feed.ts";

/** What becomes of the rows of one figure before they are served. */
export type ListEdit = {
  readonly figure: string;
  readonly kind: "rename" | "reunit" | "twin" | "garble" | "reprice";
  /** For `reprice`: by how much the price of every step is multiplied. */
  readonly times?: number;
};

/** The vendor's API on the wire, over a recorded excerpt of its list. */
export type PriceApi = TestServer & { readonly requests: () => number };

export type PriceFeedHarness = {
  readonly feed: (origin: string) => PriceFeed;
  /** Serves the recorded list, edited. A list that pages gives few rows to a page, or pages without an end. */
  readonly serve: (edit?: ListEdit, endless?: boolean) => Promise<PriceApi>;
  /** What the recorded list says, in our units. */
  readonly recorded: Readonly<Record<string, number>>;
  /** How many requests it takes to read it: one for each list and page. */
  readonly requests: number;
  readonly pages: boolean;
};

const getJson = jsonOverHttp(fetch);

/** The contract of a price feed: it reads what its vendor says, or tells which figure cannot be trusted, and why. */
export function priceFeedConformance(name: string, harness: PriceFeedHarness): void {
  const servers: TestServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const read = async (edit?: ListEdit, endless?: boolean): Promise<FeedResult> => {
    const server = await harness.serve(edit, endless);
    servers.push(server);
    return harness.feed(server.url).read(getJson);
  };
  /** What is said of a figure that cannot be trusted; the others have been read nevertheless. */
  const refusal = async (edit: ListEdit): Promise<string> => {
    const result = await read(edit).catch((error: unknown) => toFault(error));
    if (Fault.is(result)) return result.message;
    const [fault, ...more] = result.faults;
    if (more.length > 0 || result.readings.length !== figures.length - 1) return "too many";
    return fault?.message ?? "none";
  };
  const figures = Object.entries(harness.recorded);
  describe(`the price feed of ${name}`, () => {
    wholeListRules(harness, servers);
    describe.each(figures)("%s", (figure, usd) => {
      const said = `price-lists.read: ${figure} `;

      it("is refused when its SKU is renamed, priced in another unit, or there twice", async () => {
        const renamed = await refusal({ figure, kind: "rename" });
        expect(renamed).toMatch(`${said}is not in the list, by http`);
        const other = await refusal({ figure, kind: "reunit" });
        expect(other).toMatch(`${said}is priced per "furlong" instead of`);
        const twin = await refusal({ figure, kind: "twin" });
        expect(twin).toMatch(/is (?:any of .*|.* and .* at once), by/);
        expect(twin).toMatch(said);
      });

      it.each([0, -1, 1e6, 1e-6])("is refused when it is %d times its price", async (times) => {
        const absurd = await refusal({ figure, kind: "reprice", times });
        expect(absurd).toMatch(said);
        expect(absurd).toMatch(/free in all|is \S+ from \S+ on|not between|a malformed/);
      });

      it("is read as dearer when it is", async () => {
        const { readings } = await read({ figure, kind: "reprice", times: 2 });
        const found = readings.find((reading) => reading.figure === figure);
        expect(found?.usd).toBeCloseTo(usd * 2, 12);
      });

      it("is refused, or its page is, where the list has no number", async () => {
        const garbled = await refusal({ figure, kind: "garble" });
        expect(garbled).toMatch(/has a malformed|did not answer as documented/);
      });
    });
    it.each(harness.pages ? [100] : [])(
      "gives up on a list of more than %d pages",
      async (most) => {
        await expect(read(undefined, true)).rejects.toThrow(`more than ${most} pages`);
      },
    );
  });
}

function wholeListRules(harness: PriceFeedHarness, servers: TestServer[]): void {
  const { feed, recorded } = harness;
  it("reads every figure in our units, with its source, from all pages", async () => {
    const server = await harness.serve();
    servers.push(server);
    const { readings, faults } = await feed(server.url).read(getJson);
    expect(faults).toEqual([]);
    expect(Object.fromEntries(readings.map((one) => [one.figure, one.usd]))).toEqual(recorded);
    expect([...feed(server.url).figures].toSorted()).toEqual(Object.keys(recorded).toSorted());
    for (const { source } of readings) expect(source.startsWith(server.url)).toBe(true);
    expect(server.requests()).toBe(harness.requests);
  });

  it.each([
    ["an error", 500, "{}", /answered 500/],
    ["a refusal", 403, "{}", /answered 403/],
    ["a page for people", 200, "<html>", /no JSON/],
    ["nothing", 200, "", /no JSON/],
    ["something else", 200, '{"items": 1, "skus": 7}', /did not answer as documented/],
    ["no object", 200, "[]", /did not answer as documented/],
  ])("tells when it is given %s", async (_what, status, body, message) => {
    const server = await listen((_request, response) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body);
    });
    servers.push(server);
    await expect(feed(server.url).read(getJson)).rejects.toThrow(message);
  });

  it("tells when nobody answers", async () => {
    const server = await listen(() => {});
    await server.close();
    await expect(feed(server.url).read(getJson)).rejects.toMatchObject({ code: "unavailable" });
  });
}
