import {
  malformed,
  type PriceFeed,
  type Reading,
  readEach,
  readingOf,
  refused,
} from "#shared/price-lists";
import * as z from "zod";
import { type AwsSku, skus } from "./skus.ts";

const ORIGIN = "https://pricing.us-east-1.amazonaws.com";

const decimal = z.string().regex(/^\d+(?:\.\d+)?$/, "no decimal number");

/**
 * An offer file, as far as it is read:
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
 */
const Offer = z.object({
  formatVersion: z.literal("v1.0"),
  products: z.record(
    z.string(),
    z.object({
      sku: z.string(),
      productFamily: z.string().optional(),
      attributes: z.record(z.string(), z.string()),
    }),
  ),
  terms: z.object({ OnDemand: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});
type Offer = z.infer<typeof Offer>;

/** What is on demand for a product. Only the terms that are asked for are read: a file has thousands of others. */
const Term = z.object({
  priceDimensions: z.record(
    z.string(),
    z.object({ unit: z.string(), beginRange: decimal, pricePerUnit: z.object({ USD: decimal }) }),
  ),
});

/** The AWS price list by offer files, of a region: public, without a key. */
export function awsPriceFeed(origin = ORIGIN): PriceFeed {
  const offers = [...new Set(skus.map(({ offer }) => offer))];
  const sourceOf = (offer: string): string =>
    `${origin}/offers/v1.0/aws/${offer}/current/us-east-1/index.json`;
  return {
    cloud: "aws",
    figures: skus.map(({ figure }) => figure),
    read: async (getJson) => {
      const files = new Map<string, Offer>();
      // One after another: the largest have tens of megabytes.
      for (const offer of offers)
        files.set(offer, readOffer(await getJson(sourceOf(offer)), sourceOf(offer)));
      return readEach(skus, (sku) => readSku(sku, files.get(sku.offer), sourceOf(sku.offer)));
    },
  };
}

function readOffer(json: unknown, source: string): Offer {
  const offer = Offer.safeParse(json);
  if (!offer.success) throw malformed(source, z.prettifyError(offer.error));
  return offer.data;
}

function readSku(sku: AwsSku, offer: Offer | undefined, source: string): Reading {
  const products = Object.values(offer?.products ?? {}).filter((product) => {
    const wanted = Object.entries(sku.attributes);
    return (
      product.productFamily === sku.productFamily &&
      wanted.every(([name, value]) => product.attributes[name] === value)
    );
  });
  const [product, ...more] = products;
  if (product === undefined) throw refused(sku, source, "is not in the list");
  if (more.length > 0) {
    throw refused(sku, source, `is any of ${products.map((one) => one.sku).join(", ")}`);
  }
  const terms = Object.values(offer?.terms.OnDemand[product.sku] ?? {});
  const rows = terms.flatMap((json) => {
    const term = Term.safeParse(json);
    if (!term.success)
      throw refused(sku, source, `has a malformed term (${z.prettifyError(term.error)})`);
    return Object.values(term.data.priceDimensions);
  });
  return readingOf(
    sku,
    rows.map(({ unit, beginRange, pricePerUnit }) => ({
      vendorUnit: unit,
      from: Number(beginRange),
      usd: Number(pricePerUnit.USD),
    })),
    source,
  );
}
