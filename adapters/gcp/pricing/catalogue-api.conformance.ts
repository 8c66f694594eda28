import { readFileSync } from "node:fs";
import type { ListEdit, PriceApi } from "../../../shared/price-lists/conformance.ts";
import { listen } from "#shared/testing";
import * as z from "zod";
import { skus } from "./skus.ts";

const Rate = z.looseObject({
  unitPrice: z.looseObject({ units: z.string(), nanos: z.number().nullable() }),
});
const Row = z.looseObject({
  skuId: z.string(),
  description: z.string(),
  category: z.looseObject({ usageType: z.string() }),
  pricingInfo: z.tuple([
    z.looseObject({
      pricingExpression: z.looseObject({ usageUnit: z.string(), tieredRates: z.array(Rate) }),
    }),
  ]),
});
type Row = z.infer<typeof Row>;
const Recorded = z.object({ services: z.record(z.string(), z.array(Row)) });

/** What the server takes for a key. */
export const API_KEY = "a-key-of-the-tests";
/** The real API gives up to 5,000. */
const PAGE_ROWS = 2;
const NANOS = 1e9;

/** Serves the billing catalogue as the API does: by service, for a key, in pages with a token for the next. */
export async function startCatalogue(edit?: ListEdit, endless = false): Promise<PriceApi> {
  const file = new URL("recorded/catalogue.json", import.meta.url);
  const { services } = Recorded.parse(JSON.parse(readFileSync(file, "utf8")));
  if (edit !== undefined) editRows(services, edit);
  let requests = 0;
  const server = await listen((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const [, service = ""] = /^\/v1\/services\/([\w-]+)\/skus$/.exec(url.pathname) ?? [];
    const rows = services[service];
    const isKnown = request.headers["x-goog-api-key"] === API_KEY;
    requests += 1;
    if (!isKnown || rows === undefined) {
      response.writeHead(isKnown ? 404 : 403, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { code: isKnown ? 404 : 403, status: "REFUSED" } }));
      return;
    }
    const start = Number(url.searchParams.get("pageToken") ?? 0);
    const end = start + PAGE_ROWS;
    const nextPageToken = endless || end < rows.length ? String(end) : "";
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ skus: rows.slice(start, end), nextPageToken }));
  });
  return { ...server, requests: () => requests };
}

function editRows(services: Record<string, Row[]>, { figure, kind, times = 1 }: ListEdit): void {
  const sku = skus.find((one) => one.figure === figure);
  const rows = services[sku?.service ?? ""] ?? [];
  const row = rows.find(
    ({ description, category }) =>
      description.replaceAll("  ", " ") === sku?.description && category.usageType === "OnDemand",
  );
  if (row === undefined) throw new Error(`nothing recorded: ${figure}`);
  const [{ pricingExpression }] = row.pricingInfo;
  if (kind === "rename") row.description = "Renamed";
  if (kind === "reunit") pricingExpression.usageUnit = "furlong";
  if (kind === "twin") rows.push({ ...row, skuId: "TWIN" });
  for (const { unitPrice } of pricingExpression.tieredRates) {
    const nanos = Math.round((Number(unitPrice.units) * NANOS + (unitPrice.nanos ?? 0)) * times);
    unitPrice.units = String(Math.trunc(nanos / NANOS));
    unitPrice.nanos = kind === "garble" ? null : nanos % NANOS;
  }
}
