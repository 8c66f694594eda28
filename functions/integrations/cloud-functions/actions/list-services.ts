import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { docsOf, from, inRegion, listOf, location, readPages } from "../client.ts";
import { ServiceAnswer, ServiceState } from "./get-service.ts";

export const listServices = defineAction({
  summary: "List the services of a region, the newest first",
  docs: `${docsOf.services}/list`,
  scopes: ["run.services.list"],
  effect: "read",
  input: z.object({ location, from }),
  output: listOf(ServiceState),
  run(api, { location: asked, from: position }) {
    return readPages(
      api,
      { host: "run", path: path`${inRegion(api, asked)}/services` },
      { member: "services", item: ServiceAnswer, from: position },
    );
  },
});
