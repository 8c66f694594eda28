import { defineAction, list, path } from "#shared/integration";
import * as z from "zod";
import { from, listOf, location, pagesOf, placeOf } from "../client.ts";
import { FunctionAnswer, FunctionState } from "./get-function.ts";

const Page = z
  .object({
    functions: z.array(FunctionAnswer).nullish(),
    nextPageToken: z.string().nullish(),
    unreachable: z.array(z.string()).nullish(),
  })
  .transform(({ functions, nextPageToken }) => ({ items: functions ?? [], next: nextPageToken }));

export const listFunctions = defineAction({
  summary: "List the functions of a region, or of all regions",
  docs: "https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions/list",
  scopes: ["cloudfunctions.functions.list"],
  effect: "read",
  input: z.object({
    location: z.union([location.unwrap(), z.literal("-")]).optional(),
    /** By https://google.aip.dev/160: `state = "FAILED"`. */
    filter: z.string().min(1).max(500).optional(),
    from,
  }),
  output: listOf(FunctionState),
  async run(api, { location: asked, filter, from: position }) {
    const [project, region] = placeOf(api, asked);
    const { items, next } = await list(
      api,
      {
        method: "GET",
        path: path`/projects/${project}/locations/${region}/functions`,
        query: { filter, pageSize: 100 },
        response: Page,
      },
      pagesOf<z.infer<typeof FunctionState>>(),
      { from: position, enough: 500 },
    );
    return { items: [...items], next };
  },
});
