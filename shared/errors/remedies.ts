import type { Code } from "./codes.ts";

/** What to do next, by code; apart from the codes because only `docs/errors.md` shows it and no function needs it. */
export const remedies: ReadonlyMap<string, string> = new Map(
  Object.entries({
    invalid_argument: "Correct the field that the detail names and send it again.",
    unauthenticated: "Send the bearer token, or sign the webhook with the connection's secret.",
    permission_denied: "Grant the permission, or call with another identity.",
    not_found: "Check the name; the catalogue lists what exists.",
    method_not_allowed: "Use one of the methods in the Allow header.",
    already_exists: "Read the existing one, or choose another key.",
    aborted: "Try again; if it persists, spread the load over more keys.",
    failed_precondition: "Read again and repeat the change on the fresh state.",
    too_large: "Send less, or put the payload into a blob and send its key.",
    key_reused: "Use a new key for a new payload.",
    resource_exhausted: "Wait as long as Retry-After says.",
    cancelled: "Nothing, if that was intended.",
    internal: "Report it with the instance id.",
    unimplemented: "Choose another driver, or drop the option that the detail names.",
    unavailable: "Try again later.",
    deadline_exceeded: "Raise limits.timeoutSeconds, or do less per call.",
  } satisfies Record<Code, string>),
);
