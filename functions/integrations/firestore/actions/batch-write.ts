import { defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes, statusOf } from "../client.ts";
import { documentPath, placeOf, resource } from "../place.ts";
import {
  BatchAnswer,
  encodeWrite,
  MAX_WRITES,
  RepeatableWrite,
  toResult,
  WriteResult,
} from "../write.ts";

export const batchWrite = defineAction({
  summary: "Apply many writes, each for itself and in no order, and tell which failed",
  docs: `${documentsReference}/batchWrite`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "no write adds up; a repeat finds created documents there and changed ones changed, and says so for each",
  },
  input: z.object({
    writes: z
      .array(RepeatableWrite)
      .min(1)
      .max(MAX_WRITES)
      .refine((writes) => new Set(writes.map(({ document }) => document)).size === writes.length, {
        error: "writes a document twice, which a batch may not",
      }),
  }),
  output: z.object({
    applied: z.array(WriteResult),
    failed: z.array(z.object({ document: documentPath, code: z.string(), reason: z.string() })),
  }),
  async run(api, { writes }) {
    const place = placeOf(api);
    const { writeResults = [], status = [] } = await api.request({
      method: "POST",
      path: resource(`${place.databaseName}/documents`, ":batchWrite"),
      json: { writes: writes.map((write) => encodeWrite(place, write)) },
      response: BatchAnswer,
    });
    const outcomes = writes.map((write, index) => ({
      write,
      result: writeResults[index] ?? {},
      failure: statusOf(status[index] ?? {}),
    }));
    return {
      applied: outcomes.flatMap(({ write, result, failure }) =>
        failure === undefined ? [toResult(place, write, result)] : [],
      ),
      failed: outcomes.flatMap(({ write, failure }) =>
        failure === undefined ? [] : [{ document: write.document, ...failure }],
      ),
    };
  },
});
