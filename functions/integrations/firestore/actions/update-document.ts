import { defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes } from "../client.ts";
import { documentPath } from "../place.ts";
import { Fields } from "../value.ts";
import { commitOne, updateOptions } from "../write.ts";

export const updateDocument = defineAction({
  summary: "Replace or remove fields of a document and leave the others",
  docs: `${documentsReference}/commit`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "fields get the values that are given; with ifUpdateTime a repeat is refused",
  },
  input: z.object({ document: documentPath, fields: Fields.default({}), ...updateOptions }),
  output: z.object({ document: z.string(), updateTime: z.string() }),
  async run(api, input) {
    const { updateTime, commitTime } = await commitOne(api, { op: "update", ...input });
    return { document: input.document, updateTime: updateTime ?? commitTime };
  },
});
