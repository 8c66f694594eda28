import { queue } from "#shared/queue";
import * as z from "zod";

/** Asks for a Slack message to be brought up to date: that of a commit, or the digest of a day up to `toMs`. */
export const PublishRequest = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("commit"), repository: z.string(), commit: z.string() }),
  z.object({ kind: z.literal("digest"), repository: z.string(), toMs: z.int() }),
]);
export type PublishRequest = z.infer<typeof PublishRequest>;

/** Attempts are plenty: waiting for another attempt's lease or for Slack's rate limit each costs one. */
export const publishRequests = queue("pulse-publish", {
  schema: PublishRequest,
  maxAttempts: 30,
  visibilitySeconds: 60,
});
