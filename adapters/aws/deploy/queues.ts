import type { DeployManifest, DeployQueue } from "#shared/plan";
import type { AwsNames } from "./names.ts";
import { arnOf, logicalId, type Resource } from "./template.ts";
import { timeoutOf } from "./timeout.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig */
const VISIBILITY_FACTOR = 6;
/** The same page: fewer would put messages away for which there was only no room. */
const FEWEST_RECEIVES = 5;
const DAY_SECONDS = 86_400;
/** The longest there is, so that somebody sees what is there. */
const DEAD_DAYS = 14;
const LIVE_DAYS = 4;

/** The logical id of a queue. */
export function queueId(name: string): string {
  return logicalId(name, "Queue");
}

/**
 * The queues. Attempts are counted in our envelope; the broker's own redrive is for what breaks a function each time
 * before it can say so.
 */
export function queuesOf(manifest: DeployManifest, names: AwsNames): readonly Resource[] {
  return manifest.queues.map((queue) => queueOf(queue, manifest, names));
}

function queueOf(queue: DeployQueue, manifest: DeployManifest, { prefix }: AwsNames): Resource {
  const { name, consumer, deadLetterQueue, maxAttempts } = queue;
  const isDead = manifest.queues.some((other) => other.deadLetterQueue === name);
  const redrive =
    deadLetterQueue === undefined || consumer === undefined
      ? {}
      : {
          RedrivePolicy: {
            deadLetterTargetArn: arnOf(queueId(deadLetterQueue)),
            maxReceiveCount: Math.max(FEWEST_RECEIVES, maxAttempts),
          },
        };
  return {
    id: queueId(name),
    Type: "AWS::SQS::Queue",
    Properties: {
      QueueName: `${prefix}${name}`,
      VisibilityTimeout: visibilityOf(queue, manifest),
      MessageRetentionPeriod: (isDead ? DEAD_DAYS : LIVE_DAYS) * DAY_SECONDS,
      SqsManagedSseEnabled: true,
      ...redrive,
    },
  };
}

/** Long enough that no message is delivered anew while its batch is still being handled. */
function visibilityOf(
  { consumer, visibilitySeconds }: DeployQueue,
  manifest: DeployManifest,
): number {
  const reader = manifest.functions.find(({ name }) => name === consumer);
  if (reader === undefined) return visibilitySeconds;
  return Math.max(visibilitySeconds, VISIBILITY_FACTOR * timeoutOf(reader));
}
