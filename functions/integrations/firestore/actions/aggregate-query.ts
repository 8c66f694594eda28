import { defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes, time } from "../client.ts";
import { fieldPath } from "../field-path.ts";
import { type Place, placeOf, readableField, resource } from "../place.ts";
import { encodeSelection, selection } from "../query.ts";
import { decodeValue, Value, VendorValue } from "../value.ts";

const as = z.string().regex(/^[A-Za-z_]\w{0,99}$/);
const Aggregation = z.union([
  /** No more than `upTo` are counted. */
  z.strictObject({ as, count: z.strictObject({ upTo: z.int().min(1).optional() }) }),
  z.strictObject({ as, sum: fieldPath }),
  z.strictObject({ as, avg: fieldPath }),
]);

const Answer = z.array(
  z.object({
    result: z.object({ aggregateFields: z.record(z.string(), VendorValue) }).optional(),
    readTime: z.string().optional(),
  }),
);

export const aggregateQuery = defineAction({
  summary: "Count the documents of a query, and sum and average their fields, without reading them",
  docs: `${documentsReference}/runAggregationQuery`,
  scopes,
  effect: "read",
  input: z.object({
    ...selection,
    /** Firestore takes five at most. */
    aggregations: z.array(Aggregation).min(1).max(5),
    readTime: time.optional(),
  }),
  /** The average of nothing is null. */
  output: z.object({ results: z.record(z.string(), Value), readTime: z.string() }),
  async run(api, { aggregations, readTime, ...given }) {
    const place = placeOf(api);
    const { parent, structuredQuery } = encodeSelection(place, given);
    const answer = await api.request({
      method: "POST",
      path: resource(parent, ":runAggregationQuery"),
      json: {
        structuredAggregationQuery: {
          structuredQuery,
          aggregations: aggregations.map((one) => encodeAggregation(place, one)),
        },
        readTime,
      },
      response: Answer,
    });
    const fields = answer.find(({ result }) => result !== undefined)?.result?.aggregateFields ?? {};
    return {
      results: Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, decodeValue(value, place)]),
      ),
      readTime: answer.findLast((one) => one.readTime !== undefined)?.readTime ?? "",
    };
  },
});

function encodeAggregation(place: Place, one: z.infer<typeof Aggregation>): object {
  const field = (name: string) => ({ field: { fieldPath: readableField(place, name) } });
  if ("sum" in one) return { alias: one.as, sum: field(one.sum) };
  if ("avg" in one) return { alias: one.as, avg: field(one.avg) };
  const { upTo } = one.count;
  return { alias: one.as, count: upTo === undefined ? {} : { upTo: String(upTo) } };
}
