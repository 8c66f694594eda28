import type { FunctionDefinition } from "#shared/function";
import { cloudsOf, type Finding, type LintInput } from "./finding.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html */
const LONGEST_VISIBILITY_SECONDS = 12 * 3_600;

/** Handlers that may run longer than the cloud waits for them, or than their message stays hidden. */
export function timeoutOrder(input: LintInput): Finding[] {
  return input.functions.flatMap((definition) => {
    const { name } = definition;
    const wrong = [...tooLong(input, definition), ...visibleTooEarly(definition)];
    const subject = { kind: "function", name } as const;
    return wrong.map((message) => ({ severity: "error", rule: "timeout", subject, message }));
  });
}

function tooLong(input: LintInput, definition: FunctionDefinition): string[] {
  const { timeoutSeconds } = definition.limits;
  const isHttp = definition.trigger.kind === "http";
  return cloudsOf(input, definition).flatMap(({ target, limits }) => {
    const waits = isHttp ? limits.maxHttpSeconds : limits.maxEventSeconds;
    if (timeoutSeconds <= waits) return [];
    const wayOut = isHttp
      ? "answer early and do the rest from a queue"
      : "do less at once and send the rest to a queue";
    const what = isHttp ? "a caller over HTTP" : "an event's acknowledgement";
    return [`may run ${timeoutSeconds} s but ${target} waits ${waits} s for ${what}; ${wayOut}`];
  });
}

function visibleTooEarly({ trigger, limits }: FunctionDefinition): string[] {
  if (trigger.kind !== "queue") return [];
  const { name, visibilitySeconds } = trigger.queue;
  if (visibilitySeconds > LONGEST_VISIBILITY_SECONDS) {
    return [
      `queue "${name}" hides messages for ${visibilitySeconds} s and SQS for at most ${LONGEST_VISIBILITY_SECONDS} s; lower visibilitySeconds`,
    ];
  }
  if (visibilitySeconds >= limits.timeoutSeconds) return [];
  return [
    `may run ${limits.timeoutSeconds} s but messages of "${name}" are delivered again after ${visibilitySeconds} s; raise visibilitySeconds or lower timeoutSeconds`,
  ];
}
