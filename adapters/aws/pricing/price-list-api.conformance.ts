import { readFileSync } from "node:fs";
import type { ListEdit, PriceApi } from "../../../shared/price-lists/conformance.ts";
import { listen } from "#shared/testing";
import * as z from "zod";
import { skus } from "./skus.ts";

const Dimension = z.looseObject({ unit: z.string(), pricePerUnit: z.object({ USD: z.string() }) });
const Product = z.looseObject({
  sku: z.string(),
  productFamily: z.string(),
  attributes: z.record(z.string(), z.string()),
});
const Offer = z.looseObject({
  products: z.record(z.string(), Product),
  terms: z.object({
    OnDemand: z.record(
      z.string(),
      z.record(z.string(), z.looseObject({ priceDimensions: z.record(z.string(), Dimension) })),
    ),
  }),
});
type Offer = z.infer<typeof Offer>;
const Recorded = z.object({ offers: z.record(z.string(), Offer) });

/** Serves offer files as the bulk API does: a file for each service and region, and 403 for what is not there. */
export async function startAwsPriceList(edit?: ListEdit): Promise<PriceApi> {
  const file = new URL("recorded/offers.json", import.meta.url);
  const { offers } = Recorded.parse(JSON.parse(readFileSync(file, "utf8")));
  if (edit !== undefined) editOffer(offers, edit);
  let requests = 0;
  const server = await listen((request, response) => {
    const [, name = ""] =
      /^\/offers\/v1\.0\/aws\/(\w+)\/current\/us-east-1\/index\.json$/.exec(request.url ?? "") ??
      [];
    const offer = offers[name];
    requests += 1;
    response.writeHead(offer === undefined ? 403 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(offer ?? { message: "Forbidden" }));
  });
  return { ...server, requests: () => requests };
}

function editOffer(offers: Record<string, Offer>, { figure, kind, times = 1 }: ListEdit): void {
  const sku = skus.find((one) => one.figure === figure);
  const offer = offers[sku?.offer ?? ""];
  const wanted = Object.entries(sku?.attributes ?? {});
  const product = Object.values(offer?.products ?? {}).find(
    ({ productFamily, attributes }) =>
      productFamily === sku?.productFamily &&
      wanted.every(([name, value]) => attributes[name] === value),
  );
  if (offer === undefined || product === undefined) throw new Error(`nothing recorded: ${figure}`);
  if (kind === "rename") product.productFamily = "Renamed";
  if (kind === "twin") offer.products["TWIN"] = { ...product, sku: "TWIN" };
  const terms = Object.values(offer.terms.OnDemand[product.sku] ?? {});
  for (const row of terms.flatMap(({ priceDimensions }) => Object.values(priceDimensions))) {
    const usd = Number(row.pricePerUnit.USD);
    if (kind === "reunit") row.unit = "furlong";
    if (kind === "garble") row.pricePerUnit.USD = "NaN";
    if (kind === "reprice") row.pricePerUnit.USD = (usd * times).toFixed(20);
  }
}
