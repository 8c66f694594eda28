import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jsonOverHttp, type PriceFeed } from "#shared/price-lists";
import { listen, type TestServer } from "#shared/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { awsPriceFeed } from "../../adapters/aws/pricing/feed.ts";
import { startAwsPriceList } from "../../adapters/aws/pricing/price-list-api.conformance.ts";
import { azurePriceFeed } from "../../adapters/azure/pricing/feed.ts";
import { startRetailPrices } from "../../adapters/azure/pricing/retail-prices-api.conformance.ts";
import { API_KEY, startCatalogue } from "../../adapters/gcp/pricing/catalogue-api.conformance.ts";
import { gcpPriceFeed } from "../../adapters/gcp/pricing/feed.ts";
import type { ListEdit, PriceApi } from "../../shared/price-lists/conformance.ts";
import { main, type Surroundings } from "./main.ts";
import { type PriceList, priceLists, renderPriceList } from "./price-lists.ts";

const folder = mkdtempSync(join(tmpdir(), "auterity-prices-"));
const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lists as the recorded ones were, so that tests hold for any prices of today. */
let lists: readonly PriceList[] = [];
beforeAll(async () => {
  const [aws, azure, gcp] = await Promise.all([
    startAwsPriceList(),
    startRetailPrices(),
    startCatalogue(),
  ]);
  lists = [
    await recordedList(awsPriceFeed(aws.url)),
    await recordedList(azurePriceFeed(azure.url)),
    await recordedList(gcpPriceFeed(API_KEY, gcp.url), { byHandUsdPerMillion: 3 }),
  ];
  await Promise.all([aws, azure, gcp].map((server) => server.close()));
});

async function recordedList(
  feed: PriceFeed,
  byHand: Readonly<Record<string, number>> = {},
): Promise<PriceList> {
  const { readings } = await feed.read(jsonOverHttp(fetch));
  const read = readings.map(({ figure, usd }): [string, number] => [figure, usd]);
  const figures = { ...Object.fromEntries(read), ...byHand };
  const sources = Object.fromEntries(
    Object.keys(figures).map((figure) => [figure, "https://prices.example"]),
  );
  return { cloud: feed.cloud, epoch: 1, effectiveFrom: "2026-11-21", figures, sources };
}

type World = {
  readonly run: (...args: readonly string[]) => Promise<{ code: number; said: string }>;
  /** The list that was written, or nothing. */
  readonly written: (cloud: string) => string | undefined;
};

/** The three vendors on the wire, each with an edit of its list, and a folder to write to. */
async function world(
  edits: { readonly aws?: ListEdit; readonly azure?: ListEdit; readonly gcp?: ListEdit } = {},
  around: Partial<Surroundings> = {},
): Promise<World> {
  const root = mkdtempSync(join(folder, "root-"));
  for (const cloud of ["aws", "azure", "gcp"])
    mkdirSync(join(root, "adapters", cloud), { recursive: true });
  const started: PriceApi[] = await Promise.all([
    startAwsPriceList(edits.aws),
    startRetailPrices(edits.azure),
    startCatalogue(edits.gcp),
  ]);
  const models = await listen((_request, response) => {
    const map = new URL("../../shared/models/fixtures/price-map.json", import.meta.url);
    response.end(readFileSync(fileURLToPath(map)));
  });
  servers.push(...started, models);
  const [aws = "", azure = "", gcp = ""] = started.map(({ url }) => url);
  let said = "";
  const surroundings: Surroundings = {
    root,
    lists,
    send: fetch,
    env: { GOOGLE_API_KEY: API_KEY },
    today: "2026-12-01",
    origins: { aws, azure, gcp, models: models.url },
    print: (text) => void (said += text),
    complain: (text) => void (said += text),
    ...around,
  };
  return {
    run: async (...args) => {
      said = "";
      const code = await main(args, surroundings);
      return { code, said };
    },
    written: (cloud) => {
      const file = join(root, "adapters", cloud, "price-list.ts");
      return existsSync(file) ? readFileSync(file, "utf8") : undefined;
    },
  };
}

const clouds = ["--only", "aws,azure,gcp"] as const;
const dearer = (times: number): ListEdit => ({
  figure: "lambdaArmUsdPerGbSecond",
  kind: "reprice",
  times,
});

describe("prices:update", () => {
  it("renders the lists as they stand", () => {
    for (const list of priceLists) {
      const file = new URL(`../../adapters/${list.cloud}/price-list.ts`, import.meta.url);
      expect(readFileSync(file, "utf8")).toBe(renderPriceList(list));
    }
  });

  it("says that nothing has moved, and notes where it was read", async () => {
    const { run, written } = await world();
    const { code, said } = await run(...clouds);
    expect(said).toMatch(/aws: nothing has moved, sources written/);
    expect(said).toMatch(/byHandUsdPerMillion +kept by hand/);
    expect(code).toBe(0);
    expect(written("aws")).toMatch(/export const epoch = 1;[\s\S]*AWSLambda\/current\/us-east-1/);
    expect(written("gcp")).not.toContain(API_KEY);
  });

  it("begins an epoch where a figure moved, and leaves the others", async () => {
    const { run, written } = await world({ aws: dearer(1.1) });
    const checked = await run(...clouds, "--check");
    expect(checked.code).toBe(1);
    expect(checked.said).toMatch(
      /lambdaArmUsdPerGbSecond +0.0000133334 +0.00001466674 +\+10.0 % +http.*AWSLambda/,
    );
    expect(written("aws")).toBeUndefined();
    expect((await run(...clouds)).code).toBe(0);
    expect(written("aws")).toMatch(
      /epoch = 2;[\s\S]*effectiveFrom = "2026-12-01"[\s\S]*lambdaArmUsdPerGbSecond = 0.00001466674;/,
    );
    expect(written("azure")).toMatch(/epoch = 1;[\s\S]*effectiveFrom = "2026-11-21"/);
  });

  it("takes a move of more than 20 % only approved, and one by a factor of 5 never", async () => {
    const { run, written } = await world({ aws: dearer(0.7) });
    const refused = await run(...clouds);
    expect(refused.code).toBe(3);
    expect(refused.said).toMatch(/aws: the figures of before stay:\n .*more than 20 %; look at it/);
    expect(written("aws")).toBeUndefined();
    expect(written("gcp")).toBeDefined();
    expect((await run(...clouds, "--approve")).code).toBe(0);
    expect(written("aws")).toContain("lambdaArmUsdPerGbSecond = 0.00000933338;");

    const other = await world({ aws: dearer(6) });
    const absurd = await other.run(...clouds, "--approve");
    expect(absurd.code).toBe(3);
    expect(absurd.said).toMatch(/lambdaArmUsdPerGbSecond moved .* no price; correct its selector/);
    expect(other.written("aws")).toBeUndefined();
  });

  it.each<ListEdit>([
    { figure: "cosmosUsdPerMillionRequestUnits", kind: "rename" },
    { figure: "keyVaultUsdPerMillionOperations", kind: "reprice", times: 1e6 },
    { figure: "flexUsdPerGbSecond", kind: "reprice", times: -1 },
    { figure: "egressUsdPerGb", kind: "garble" },
  ])("keeps the whole list of a cloud for $figure: $kind", async (azure) => {
    const { run, written } = await world({ azure });
    const { code, said } = await run(...clouds, "--approve");
    expect(code).toBe(3);
    expect(said).toMatch(/azure: the figures of before stay:\n {2}price-lists.read: /);
    expect(written("azure")).toBeUndefined();
    expect(written("aws")).toBeDefined();
  });

  it("keeps the list of a cloud that is down, or that gives nobody without a key a list", async () => {
    const { run, written } = await world({}, { env: {} });
    await servers.shift()?.close();
    const { code, said } = await run(...clouds);
    expect(code).toBe(3);
    expect(said).toMatch(/aws: the figures of before stay:\n .* cannot be read; try again later/);
    expect(said).toMatch(/gcp: the figures of before stay:\n .*set GOOGLE_API_KEY/);
    expect([written("aws"), written("gcp")]).toEqual([undefined, undefined]);
    expect(written("azure")).toBeDefined();
  });

  it("replays what it has recorded, without a network", async () => {
    const { run } = await world({
      gcp: { figure: "pubsubUsdPerTib", kind: "reprice", times: 1.1 },
    });
    const recorded = join(folder, "recorded");
    const first = await run("--json", "--check", "--record", recorded);
    await Promise.all(servers.splice(0).map((server) => server.close()));
    expect(await run("--json", "--check", "--from", recorded)).toEqual(first);
    expect(first.said).toMatch(/"figure": "pubsubUsdPerTib",[\s\S]*"usd": 44/);
    const empty = await run("--from", join(folder, "nowhere"), "--only", "aws");
    expect(empty).toMatchObject({
      code: 3,
      said: expect.stringMatching(/record it with --record/),
    });
  });

  it("compares the catalogue of models, which it does not write", async () => {
    const { run } = await world();
    const { code, said } = await run("--only", "models");
    expect(said).toMatch(/models: \d+ moved; correct shared\/models\/catalogue.ts/);
    expect(said).toMatch(/bedrock .* input +\S+ +/);
    expect(code).toBe(3);
    expect((await run("--only", "models", "--check")).code).toBe(1);
  });

  it("refuses a command line that it does not know", async () => {
    const { run } = await world();
    expect(await run("--force")).toMatchObject({ code: 2, said: expect.stringMatching(/--help/) });
    expect((await run("--only", "aws,ibm")).said).toMatch(/"ibm" is none of aws, azure/);
    expect(await run("--help")).toMatchObject({ code: 0 });
  });
});
