import { defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes } from "../client.ts";
import { placeOf } from "../place.ts";
import { commit, encodeWrite, MAX_WRITES, toResult, Write, WriteResult } from "../write.ts";

export const commitWrites = defineAction({
  summary: "Apply writes in order, all of them or none",
  docs: `${documentsReference}/commit`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Firestore takes no key, and increments add up; replay-writes applies each write once",
  },
  input: z.object({ writes: z.array(Write).min(1).max(MAX_WRITES) }),
  output: z.object({ commitTime: z.string(), results: z.array(WriteResult) }),
  async run(api, { writes }) {
    const place = placeOf(api);
    const encoded = writes.map((write) => encodeWrite(place, write));
    const { commitTime, writeResults = [] } = await commit(api, place, encoded);
    const results = writes.map((write, index) => toResult(place, write, writeResults[index] ?? {}));
    return { commitTime, results };
  },
});
