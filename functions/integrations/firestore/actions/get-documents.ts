import { defineAction } from "#shared/integration";
import * as z from "zod";
import {
  Document,
  documentsReference,
  scopes,
  time,
  toDocument,
  VendorDocument,
} from "../client.ts";
import { fieldPath } from "../field-path.ts";
import { documentPath, maskOf, placeOf, resource } from "../place.ts";

const Answer = z.array(
  z.object({
    found: VendorDocument.optional(),
    missing: z.string().optional(),
    readTime: z.string().optional(),
  }),
);

export const getDocuments = defineAction({
  summary:
    "Get many documents at once, all as of one time; those known already are only told to be unchanged",
  docs: `${documentsReference}/batchGet`,
  scopes,
  effect: "read",
  input: z.object({
    /** The same document twice is read once. */
    documents: z.array(documentPath).min(1).max(300),
    fields: z.array(fieldPath).min(1).max(100).optional(),
    readTime: time.optional(),
    /** What the caller has: update times by document. */
    known: z.record(z.string(), time).default({}),
  }),
  output: z.object({
    found: z.array(Document),
    unchanged: z.array(z.string()),
    missing: z.array(z.string()),
    readTime: z.string(),
  }),
  async run(api, { documents, fields, readTime, known }) {
    const place = placeOf(api);
    const fieldPaths = maskOf(place, fields);
    const answer = await api.request({
      method: "POST",
      path: resource(`${place.databaseName}/documents`, ":batchGet"),
      json: {
        documents: [...new Set(documents)].map((document) => place.prefix + document),
        ...(fieldPaths === undefined ? {} : { mask: { fieldPaths } }),
        readTime,
      },
      response: Answer,
    });
    const found = answer.flatMap((one) => one.found ?? []);
    const isKnown = ({ name, updateTime }: VendorDocument): boolean => {
      const document = place.toPath(name);
      return Object.hasOwn(known, document) && known[document] === updateTime;
    };
    return {
      found: found.filter((one) => !isKnown(one)).map((one) => toDocument(place, one)),
      unchanged: found.filter(isKnown).map(({ name }) => place.toPath(name)),
      missing: answer.flatMap(({ missing }) =>
        missing === undefined ? [] : place.toPath(missing),
      ),
      readTime: answer.findLast((one) => one.readTime !== undefined)?.readTime ?? "",
    };
  },
});
