import { readFileSync } from "node:fs";
import type { ListEdit, PriceApi } from "../../../shared/price-lists/conformance.ts";
import { listen } from "#shared/testing";
import * as z from "zod";
import { skus } from "./skus.ts";

const Item = z.looseObject({
  tierMinimumUnits: z.number(),
  retailPrice: z.number().nullable(),
  armRegionName: z.string(),
  serviceName: z.string(),
  productName: z.string(),
  skuName: z.string(),
  meterName: z.string(),
  unitOfMeasure: z.string(),
  type: z.string(),
});
type Item = z.infer<typeof Item>;
const Recorded = z.object({ Items: z.array(Item) });

/** The real API gives 100. */
const PAGE_ROWS = 3;

/** What the filter calls a row's fields. */
const fields: Readonly<Record<string, (item: Item) => string>> = {
  serviceName: (item) => item.serviceName,
  productName: (item) => item.productName,
  armRegionName: (item) => item.armRegionName,
  priceType: (item) => item.type,
};

/** Serves retail prices as the API does: filtered by `eq` and `and`, case-sensitive, in pages that link to the next. */
export async function startRetailPrices(edit?: ListEdit, endless = false): Promise<PriceApi> {
  const file = new URL("recorded/retail-prices.json", import.meta.url);
  const { Items } = Recorded.parse(JSON.parse(readFileSync(file, "utf8")));
  const items = edit === undefined ? Items : editItems(Items, edit);
  let requests = 0;
  const server = await listen((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const found = filtered(items, url.searchParams.get("$filter") ?? "");
    const skip = Number(url.searchParams.get("$skip") ?? 0);
    const page = found.slice(skip, skip + PAGE_ROWS);
    const next = new URL(url);
    next.searchParams.set("$skip", String(skip + page.length));
    const isLast = !endless && skip + PAGE_ROWS >= found.length;
    requests += 1;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        BillingCurrency: "USD",
        CustomerEntityId: "Default",
        CustomerEntityType: "Retail",
        Items: page,
        NextPageLink: isLast ? null : next.href,
        Count: page.length,
      }),
    );
  });
  return { ...server, requests: () => requests };
}

function filtered(items: readonly Item[], filter: string): readonly Item[] {
  const terms = [...filter.matchAll(/(\w+) eq '([^']*)'/g)];
  return items.filter((item) =>
    terms.every(([, name = "", value]) => fields[name]?.(item) === value),
  );
}

function editItems(items: readonly Item[], { figure, kind, times = 1 }: ListEdit): Item[] {
  const sku = skus.find((one) => one.figure === figure);
  const edited = items.flatMap((item) => {
    const isOf =
      item.armRegionName === "eastus" &&
      item.type === "Consumption" &&
      item.productName === sku?.productName &&
      item.skuName === sku.skuName &&
      item.meterName === sku.meterName;
    if (!isOf) return item;
    const usd = item.retailPrice ?? 0;
    if (kind === "rename") return { ...item, meterName: "Renamed" };
    if (kind === "reunit") return { ...item, unitOfMeasure: "furlong" };
    if (kind === "garble") return { ...item, retailPrice: null };
    if (kind === "reprice") return { ...item, retailPrice: usd * times };
    return [item, { ...item, retailPrice: usd * 1.1 }];
  });
  return edited;
}
