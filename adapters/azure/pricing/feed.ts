import {
  type GetJson,
  malformed,
  MAX_PAGES,
  type PriceFeed,
  readEach,
  readingOf,
} from "#shared/price-lists";
import * as z from "zod";
import { type AzureSku, skus } from "./skus.ts";

const ORIGIN = "https://prices.azure.com";
const REGION = "eastus";

/** A page of retail prices: https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices */
const Page = z.object({
  BillingCurrency: z.literal("USD"),
  Items: z.array(
    z.object({
      currencyCode: z.literal("USD"),
      tierMinimumUnits: z.number(),
      retailPrice: z.number(),
      armRegionName: z.string(),
      productName: z.string(),
      skuName: z.string(),
      meterName: z.string(),
      unitOfMeasure: z.string(),
      type: z.string(),
    }),
  ),
  NextPageLink: z.string().nullish(),
});
type Item = z.infer<typeof Page>["Items"][number];

/** The Azure retail prices: public, without a key, a hundred rows to a page. */
export function azurePriceFeed(origin = ORIGIN): PriceFeed {
  const sources = [...new Set(skus.map((sku) => sourceOf(origin, sku)))];
  return {
    cloud: "azure",
    figures: skus.map(({ figure }) => figure),
    read: async (getJson) => {
      const lists = new Map<string, readonly Item[]>();
      for (const source of sources) lists.set(source, await readPages(getJson, source));
      return readEach(skus, (sku) => {
        const source = sourceOf(origin, sku);
        const items = (lists.get(source) ?? []).filter((item) => isOf(sku, item));
        return readingOf(
          sku,
          items.map(({ unitOfMeasure, tierMinimumUnits, retailPrice }) => ({
            vendorUnit: unitOfMeasure,
            from: tierMinimumUnits,
            usd: retailPrice,
          })),
          source,
        );
      });
    },
  };
}

/** The filter's values are case-sensitive, and a service's whole list can have thousands of rows. */
function sourceOf(origin: string, { serviceName, productName }: AzureSku): string {
  const filter = [
    `serviceName eq '${serviceName}'`,
    `productName eq '${productName}'`,
    `armRegionName eq '${REGION}'`,
    "priceType eq 'Consumption'",
  ].join(" and ");
  return `${origin}/api/retail/prices?$filter=${encodeURIComponent(filter)}`;
}

async function readPages(getJson: GetJson, source: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let next: string | undefined = source;
  for (let page = 0; next !== undefined; page += 1) {
    if (page === MAX_PAGES) throw malformed(source, `it has more than ${MAX_PAGES} pages`);
    const answer = Page.safeParse(await getJson(next));
    if (!answer.success) throw malformed(source, z.prettifyError(answer.error));
    items.push(...answer.data.Items);
    next = nextOf(answer.data.NextPageLink, source);
  }
  return items;
}

/** A link to another host would let whoever answers choose whose prices are read. */
function nextOf(link: string | null | undefined, source: string): string | undefined {
  if (link === null || link === undefined || link === "") return undefined;
  if (URL.parse(link)?.origin === new URL(source).origin) return link;
  throw malformed(source, "its next page is on another host");
}

function isOf(sku: AzureSku, item: Item): boolean {
  return (
    item.armRegionName === REGION &&
    item.type === "Consumption" &&
    item.productName === sku.productName &&
    item.skuName === sku.skuName &&
    item.meterName === sku.meterName
  );
}
