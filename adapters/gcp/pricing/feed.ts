import {
  type GetJson,
  malformed,
  MAX_PAGES,
  type PriceFeed,
  readEach,
  type Reading,
  readingOf,
  refused,
} from "#shared/price-lists";
import { Fault } from "#shared/errors";
import * as z from "zod";
import { type GcpSku, skus } from "./skus.ts";

const ORIGIN = "https://cloudbilling.googleapis.com";
/** https://cloud.google.com/billing/v1/how-tos/catalog-api */
const PAGE_SIZE = 5000;
const NANOS = 1e9;

const Money = z.object({
  currencyCode: z.literal("USD"),
  // An int64, which JSON carries as text: https://protobuf.dev/programming-guides/json/
  units: z
    .string()
    .regex(/^-?\d+$/)
    .default("0"),
  nanos: z.int().default(0),
});

/** What is read of a SKU: https://cloud.google.com/billing/docs/reference/rest/v1/services.skus/list */
const Row = z.object({
  skuId: z.string(),
  description: z.string(),
  category: z.object({ usageType: z.string() }),
  pricingInfo: z.array(
    z.object({
      pricingExpression: z.object({
        usageUnit: z.string(),
        tieredRates: z.array(
          z.object({ startUsageAmount: z.number().default(0), unitPrice: Money }),
        ),
      }),
    }),
  ),
});
type Row = z.infer<typeof Row>;

/** Rows that are not asked for are read no further than to their description. */
const Page = z.object({
  skus: z.array(z.looseObject({ description: z.string() })).default([]),
  nextPageToken: z.string().optional(),
});

/** The Cloud Billing catalogue: public, but for an API key, which is a secret and never part of a source. */
export function gcpPriceFeed(apiKey: string | undefined, origin = ORIGIN): PriceFeed {
  const services = [...new Set(skus.map(({ service }) => service))];
  const sourceOf = (service: string): string => `${origin}/v1/services/${service}/skus`;
  return {
    cloud: "gcp",
    figures: skus.map(({ figure }) => figure),
    read: async (getJson) => {
      if (apiKey === undefined || apiKey === "") throw keyless();
      const lists = new Map<string, readonly unknown[]>();
      for (const service of services) {
        lists.set(service, await readPages(getJson, sourceOf(service), apiKey));
      }
      return readEach(skus, (sku) =>
        readSku(sku, lists.get(sku.service) ?? [], sourceOf(sku.service)),
      );
    },
  };
}

async function readPages(
  getJson: GetJson,
  source: string,
  apiKey: string,
): Promise<readonly { readonly description: string }[]> {
  const rows: { readonly description: string }[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ currencyCode: "USD", pageSize: String(PAGE_SIZE) });
    if (token !== undefined) query.set("pageToken", token);
    // https://cloud.google.com/docs/authentication/api-keys-use
    const json = await getJson(`${source}?${query.toString()}`, { "x-goog-api-key": apiKey });
    const answer = Page.safeParse(json);
    if (!answer.success) throw malformed(source, z.prettifyError(answer.error));
    rows.push(...answer.data.skus);
    token = answer.data.nextPageToken;
    if (token === undefined || token === "") return rows;
  }
  throw malformed(source, `it has more than ${MAX_PAGES} pages`);
}

function readSku(sku: GcpSku, rows: readonly unknown[], source: string): Reading {
  const found = rows.filter((row) => isOf(sku, row)).map((json) => parseRow(sku, json, source));
  const [row, ...more] = found.filter(({ category }) => category.usageType === "OnDemand");
  if (row === undefined) throw refused(sku, source, "is not in the list");
  if (more.length > 0) {
    throw refused(sku, source, `is any of ${[row, ...more].map(({ skuId }) => skuId).join(", ")}`);
  }
  // In the order of time; the last one holds.
  const expression = row.pricingInfo.at(-1)?.pricingExpression;
  const tiers = expression?.tieredRates ?? [];
  return readingOf(
    sku,
    tiers.map(({ startUsageAmount, unitPrice }) => ({
      vendorUnit: expression?.usageUnit ?? "",
      from: startUsageAmount,
      usd: Number(unitPrice.units) + unitPrice.nanos / NANOS,
    })),
    source,
  );
}

/** Descriptions are written by hand: tier 2's CPU has had two spaces before its bracket. */
function isOf({ description }: GcpSku, row: unknown): boolean {
  const { data } = z.looseObject({ description: z.string() }).safeParse(row);
  return data?.description.replaceAll(/\s+/g, " ").trim() === description;
}

function parseRow(sku: GcpSku, json: unknown, source: string): Row {
  const row = Row.safeParse(json);
  if (row.success) return row.data;
  throw refused(sku, source, `has a malformed row (${z.prettifyError(row.error)})`);
}

function keyless(): Fault {
  return new Fault(
    "unauthenticated",
    "price-lists.read: the Google catalogue needs an API key; set GOOGLE_API_KEY",
    { origin: "caller" },
  );
}
