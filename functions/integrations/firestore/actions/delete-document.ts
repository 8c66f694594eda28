import { defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes } from "../client.ts";
import { documentPath } from "../place.ts";
import { commitOne, deleteOptions } from "../write.ts";

export const deleteDocument = defineAction({
  summary: "Delete a document; what is in collections below it stays",
  docs: `${documentsReference}/commit`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "what is gone stays gone; with a condition a repeat is refused",
  },
  input: z.object({ document: documentPath, ...deleteOptions }),
  output: z.object({ document: z.string(), deletedAt: z.string() }),
  async run(api, input) {
    const { commitTime } = await commitOne(api, { op: "delete", ...input });
    return { document: input.document, deletedAt: commitTime };
  },
});
