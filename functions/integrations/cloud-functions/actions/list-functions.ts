import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { docsOf, from, inRegion, listOf, location, readPages } from "../client.ts";
import { FunctionAnswer, FunctionState } from "./get-function.ts";

export const listFunctions = defineAction({
  summary: "List the functions of a region, or of all regions",
  docs: `${docsOf.functions}/list`,
  scopes: ["cloudfunctions.functions.list"],
  effect: "read",
  input: z.object({
    location: z.union([location.unwrap(), z.literal("-")]).optional(),
    /** By https://google.aip.dev/160: `state = "FAILED"`. */
    filter: z.string().min(1).max(500).optional(),
    from,
  }),
  output: listOf(FunctionState),
  run(api, { location: asked, filter, from: position }) {
    return readPages(
      api,
      { path: path`${inRegion(api, asked)}/functions`, query: { filter } },
      { member: "functions", item: FunctionAnswer, from: position },
    );
  },
});
