import { defineAction } from "#shared/integration";
import * as z from "zod";
import { anyCollection, collectionGroup, lastOf } from "../admin.ts";
import { groupsReference, scopes } from "../client.ts";
import { resource } from "../place.ts";

const Policy = z.object({ collection: z.string(), field: z.string(), state: z.string() });

export const listTtl = defineAction({
  summary: "List by which fields documents expire",
  docs: `${groupsReference}.fields/list`,
  scopes,
  effect: "read",
  input: z.object({ collection: anyCollection, from: z.string().min(1).optional() }),
  output: z.object({ items: z.array(Policy), next: z.string().nullable() }),
  async run(api, { collection, from }) {
    const { fields = [], nextPageToken } = await api.request({
      method: "GET",
      path: resource(`${collectionGroup(api, collection)}/fields`),
      query: { filter: "ttlConfig:*", pageSize: 100, pageToken: from },
      response: z.object({
        fields: z
          .array(
            z.object({
              name: z.string(),
              ttlConfig: z.object({ state: z.string().optional() }).optional(),
            }),
          )
          .optional(),
        nextPageToken: z.string().optional(),
      }),
    });
    return {
      items: fields.map(({ name, ttlConfig }) => ({
        collection: name.split("/").at(-3) ?? "",
        field: lastOf(name),
        state: (ttlConfig?.state ?? "").toLowerCase(),
      })),
      next: nextPageToken || null,
    };
  },
});
