import { defineAction, list, path } from "#shared/integration";
import * as z from "zod";
import { projectOf, viewer } from "../client.ts";
import { Config, Provider, providerOf } from "../providers.ts";

export const listProviders = defineAction({
  summary: "List the sign-in providers that are set up",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v2/projects.defaultSupportedIdpConfigs/list",
  scopes: viewer,
  effect: "read",
  input: z.object({ from: z.string().min(1).optional() }),
  output: z.object({ items: z.array(Provider), next: z.string().nullable() }),
  async run(api, { from }) {
    const { items, next } = await list(
      api,
      {
        method: "GET",
        path: path`/v2/projects/${projectOf(api)}/defaultSupportedIdpConfigs`,
        query: { pageSize: 100 },
        response: z.object({
          defaultSupportedIdpConfigs: z.array(Config).optional(),
          nextPageToken: z.string().optional(),
        }),
      },
      {
        kind: "cursor",
        param: "pageToken",
        items: (page) => page.defaultSupportedIdpConfigs ?? [],
        next: (page) => page.nextPageToken,
      },
      { from },
    );
    return { items: items.map(providerOf), next };
  },
});
