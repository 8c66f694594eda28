import * as z from "zod";

/** https://docs.docker.com/docker-hub/repos/manage/webhooks/; only as wide as our use. */
export const events = {
  push: z.object({
    push_data: z.object({
      tag: z.string(),
      /** Epoch seconds. */
      pushed_at: z.number(),
      pusher: z.string(),
    }),
    repository: z.object({
      repo_name: z.string(),
      name: z.string(),
      namespace: z.string(),
      is_private: z.boolean(),
      repo_url: z.string(),
    }),
  }),
};
