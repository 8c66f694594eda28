import { Fault } from "#shared/errors";
import type { Api, ApiPath, ErrorOf } from "#shared/integration";
import * as z from "zod";

/** A page of GitHub's reference of its REST API. */
export function rest(page: string): `https://${string}` {
  return `https://docs.github.com/rest/${page}`;
}

/** Which repository an action is about. */
export const repository = {
  owner: z.string().min(1).max(100),
  repo: z.string().min(1).max(100),
};

/** An id that GitHub gave. */
export const id = z.int().positive();

export const sha = z.string().regex(/^[0-9a-f]{40}$/);

/** Name of an environment: https://docs.github.com/actions/reference/deployments-and-environments */
export const environmentName = z.string().min(1).max(255);

/** Which page of a list: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export const paging = {
  perPage: z.int().min(1).max(100).default(30),
  /** A `next` of the same list. */
  from: z.string().min(1).max(500).optional(),
};

/** Where a list goes on; `null` at its end. */
export const next = z.string().nullable();

/** Removes something; `false` where it is not there, or hidden from the credential. */
export async function remove(api: Api, path: ApiPath): Promise<boolean> {
  const { status } = await api.send({
    method: "DELETE",
    path,
    accept: [404],
    response: z.unknown(),
  });
  return status !== 404;
}

/** What the caller has to change before this can work. */
export function refuse(what: string): Fault {
  return new Fault("failed_precondition", `github-actions.${what}`, { origin: "caller" });
}

const Failed = z.object({
  message: z.string(),
  errors: z
    .array(z.union([z.string(), z.object({ code: z.string(), field: z.string().optional() })]))
    .optional()
    .catch(undefined),
});

/**
 * GitHub answers 403 as well as 429 when a limit is used up, and says by header when it is refilled; without a header a
 * secondary limit wants a minute:
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export const errorOf: ErrorOf = ({ status, headers, body }) => {
  const { message, errors = [] } = Failed.safeParse(body).data ?? {};
  if (status === 409) return { code: "failed_precondition", reason: message };
  if (status === 422) {
    const named = errors.map((one) => (typeof one === "string" ? one : fieldError(one)));
    const exists = errors.some((one) => typeof one !== "string" && one.code === "already_exists");
    return {
      code: exists ? "already_exists" : "invalid_argument",
      reason: [message, ...named].filter(Boolean).join(", "),
    };
  }
  if (status !== 403 && status !== 429) return undefined;
  const usedUp = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
  const secondary = /secondary rate limit|abuse detection/i.test(message ?? "");
  if (status === 403 && !usedUp && !secondary) return forbidden(message, headers);
  const retryAfterMs = refilledInMs(headers) ?? (usedUp ? undefined : 60_000);
  return { code: "resource_exhausted", reason: message, retryAfterMs };
};

function fieldError({ code, field }: { code: string; field?: string | undefined }): string {
  return field === undefined ? code : `${field} ${code}`;
}

/** GitHub names the permissions that would do: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
function forbidden(
  message: string | undefined,
  headers: Readonly<Record<string, string>>,
): ReturnType<ErrorOf> {
  const needed = headers["x-accepted-github-permissions"];
  if (needed === undefined) return undefined;
  return { code: "permission_denied", reason: `${message ?? ""}: give it ${needed}` };
}

/** The reset is an epoch second of GitHub's clock, so it is read against the same answer's date. */
function refilledInMs(headers: Readonly<Record<string, string>>): number | undefined {
  const reset = Number(headers["x-ratelimit-reset"]);
  const sentAtMs = Date.parse(headers["date"] ?? "");
  if (headers["x-ratelimit-remaining"] !== "0" || Number.isNaN(reset - sentAtMs)) return undefined;
  return Math.max(0, reset * 1000 - sentAtMs);
}
