import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { from, listOf, location, placeOf, readPages } from "../client.ts";
import { ServiceAnswer, ServiceState } from "./get-service.ts";

export const listServices = defineAction({
  summary: "List the services of a region, the newest first",
  docs: "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/list",
  scopes: ["run.services.list"],
  effect: "read",
  input: z.object({ location, from }),
  output: listOf(ServiceState),
  run(api, { location: asked, from: position }) {
    const [project, region] = placeOf(api, asked);
    return readPages(
      api,
      { host: "run", path: path`/projects/${project}/locations/${region}/services` },
      { member: "services", item: ServiceAnswer, from: position },
    );
  },
});
