import * as z from "zod";

/** What has to happen before a job deploys to an environment. */
export const Protection = z.object({
  id: z.int(),
  name: z.string(),
  /** `manual`: someone approves. `conditional`: only some refs, or an app decides. `automatic`: nobody is asked. */
  approval: z.enum(["manual", "conditional", "automatic"]),
  waitMinutes: z.int(),
  reviewers: z.array(z.object({ type: z.enum(["User", "Team"]), id: z.int() })),
  refs: z.enum(["all", "protected", "patterns"]),
});
