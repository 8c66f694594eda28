import { Fault } from "#shared/errors";
import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Attempt, attemptOf } from "../events.ts";

export const listAttempts = defineAction({
  summary: "List the attempts to sign up and to sign in, and how each was decided",
  docs: "https://cloud.google.com/identity-platform/docs/blocking-functions",
  scopes: [],
  effect: "read",
  input: z.object({
    limit: z.int().min(1).max(200).default(50),
    from: z.string().min(1).optional(),
  }),
  /** In the order of Google's ids: who wants them by time sorts by `at`. */
  output: z.object({ items: z.array(Attempt), next: z.string().nullable() }),
  async run(api, { limit, from }) {
    if (api.received === undefined) throw unreadable();
    const { items, next } = await api.received({ limit, from });
    return { items: items.map(attemptOf), next };
  },
});

function unreadable(): Fault {
  return new Fault(
    "failed_precondition",
    "firebase-auth.attempts: events cannot be read from here; call the action of the integration's function",
  );
}
