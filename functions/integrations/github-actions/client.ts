import type { ErrorOf } from "#shared/integration";
import * as z from "zod";

/** Which repository an action is about. */
export const repository = {
  owner: z.string().min(1).max(100),
  repo: z.string().min(1).max(100),
};

const Failed = z.object({ message: z.string() });

/**
 * GitHub answers 403 as well as 429 when a limit is used up, and says by header when it is refilled:
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export const errorOf: ErrorOf = ({ status, headers, body }) => {
  if (status !== 403 && status !== 429) return undefined;
  const usedUp = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
  if (status === 403 && !usedUp) return undefined;
  const reason = Failed.safeParse(body).data?.message;
  return { code: "resource_exhausted", reason, retryAfterMs: refilledInMs(headers) };
};

/** The reset is an epoch second of GitHub's clock, so it is read against the same answer's date. */
function refilledInMs(headers: Readonly<Record<string, string>>): number | undefined {
  const reset = Number(headers["x-ratelimit-reset"]);
  const sentAtMs = Date.parse(headers["date"] ?? "");
  if (headers["x-ratelimit-remaining"] !== "0" || Number.isNaN(reset - sentAtMs)) return undefined;
  return Math.max(0, reset * 1000 - sentAtMs);
}
