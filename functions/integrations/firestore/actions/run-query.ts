import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Document, documentsReference, scopes, time, toDocument } from "../client.ts";
import { maskOf, placeOf, resource } from "../place.ts";
import {
  cursorAfter,
  encodeQuery,
  query,
  QueryAnswer,
  readAnswer,
  withoutOrderFields,
} from "../query.ts";

export const runQuery = defineAction({
  summary: "Find documents by their fields, page by page",
  docs: `${documentsReference}/runQuery`,
  scopes,
  effect: "read",
  input: z.object({
    ...query,
    limit: z.int().min(1).max(300).default(100),
    /** As it was then; the `readTime` of the first page keeps all pages to one state. */
    readTime: time.optional(),
    from: z.string().min(1).optional(),
  }),
  output: z.object({
    items: z.array(Document),
    next: z.string().nullable(),
    readTime: z.string(),
  }),
  async run(api, { limit, readTime, from, ...given }) {
    const place = placeOf(api);
    const { parent, json, order } = encodeQuery(place, given, { limit, from });
    const answer = await api.request({
      method: "POST",
      path: resource(parent, ":runQuery"),
      json: { ...json, readTime },
      response: QueryAnswer,
    });
    const { documents, readTime: readAt } = readAnswer(answer);
    const mask = maskOf(place, given.fields);
    const last = documents.length < limit ? undefined : documents.at(-1);
    return {
      items: documents.map((one) => toDocument(place, withoutOrderFields(one, mask))),
      next: last === undefined ? null : cursorAfter(last, order),
      readTime: readAt,
    };
  },
});
