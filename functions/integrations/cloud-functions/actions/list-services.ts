import { defineAction, list, path } from "#shared/integration";
import * as z from "zod";
import { from, listOf, location, pagesOf, placeOf } from "../client.ts";
import { ServiceAnswer, ServiceState } from "./get-service.ts";

const Page = z
  .object({ services: z.array(ServiceAnswer).nullish(), nextPageToken: z.string().nullish() })
  .transform(({ services, nextPageToken }) => ({ items: services ?? [], next: nextPageToken }));

export const listServices = defineAction({
  summary: "List the services of a region, the newest first",
  docs: "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/list",
  scopes: ["run.services.list"],
  effect: "read",
  input: z.object({ location, from }),
  output: listOf(ServiceState),
  async run(api, { location: asked, from: position }) {
    const [project, region] = placeOf(api, asked);
    const { items, next } = await list(
      api,
      {
        method: "GET",
        host: "run",
        path: path`/projects/${project}/locations/${region}/services`,
        query: { pageSize: 100 },
        response: Page,
      },
      pagesOf<z.infer<typeof ServiceState>>(),
      { from: position, enough: 500 },
    );
    return { items: [...items], next };
  },
});
