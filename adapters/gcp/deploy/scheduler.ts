import { type Element, labelOf, resource } from "#shared/terraform";
import { gcpScheduleCodec } from "../codecs/schedule.ts";
import { type Functions, urlOf } from "./functions.ts";
import type { Parts } from "./parts.ts";

/** How long a job waits for an answer: https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs */
const ATTEMPT_SECONDS = { min: 15, max: 1800 };
const SLACK_SECONDS = 10;

/** A job for each scheduled function, which calls it as the callers' account. */
export function schedulesOf(
  { manifest, names, options, caller }: Parts,
  functions: Functions,
): readonly Element[] {
  return manifest.functions.flatMap(({ name, summary, trigger, limits }) => {
    const target = functions.byName.get(name);
    if (trigger.kind !== "schedule" || target === undefined) return [];
    const seconds = Math.max(ATTEMPT_SECONDS.min, limits.timeoutSeconds + SLACK_SECONDS);
    return [
      resource("google_cloud_scheduler_job", labelOf(name), {
        name: `${names.prefix}${name}`,
        region: options.region,
        description: summary,
        schedule: gcpScheduleCodec.compile(trigger.schedule),
        time_zone: "Etc/UTC",
        attempt_deadline: `${Math.min(ATTEMPT_SECONDS.max, seconds)}s`,
        // A slot runs once however often it is called, so a call that failed may be repeated.
        retry_config: {
          retry_count: 3,
          min_backoff_duration: "10s",
          max_backoff_duration: "300s",
        },
        http_target: {
          http_method: "POST",
          uri: urlOf(target),
          oidc_token: { service_account_email: caller.get("email"), audience: urlOf(target) },
        },
      }),
    ];
  });
}
