import { defineAction, list, path } from "#shared/integration";
import * as z from "zod";
import { projectOf, User, UserInfo, userOf, viewer } from "../client.ts";

export const listUsers = defineAction({
  summary: "List the users of the project",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/batchGet",
  scopes: viewer,
  effect: "read",
  // A thousand at most: https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/batchGet
  input: z.object({
    pageSize: z.int().min(1).max(1_000).default(100),
    from: z.string().min(1).optional(),
  }),
  output: z.object({ items: z.array(User), next: z.string().nullable() }),
  async run(api, { pageSize, from }) {
    const response = z.object({
      users: z.array(UserInfo).optional(),
      nextPageToken: z.string().optional(),
    });
    const call = {
      method: "GET",
      path: path`/v1/projects/${projectOf(api)}/accounts:batchGet`,
      query: { maxResults: pageSize },
      response,
    } as const;
    const { items, next } = await list(
      api,
      call,
      {
        kind: "cursor",
        param: "nextPageToken",
        items: (page) => page.users ?? [],
        // The last page of users still names a next one, which is empty.
        next: (page) => (page.users === undefined ? undefined : page.nextPageToken),
      },
      { from, enough: pageSize },
    );
    return { items: items.map(userOf), next };
  },
});
