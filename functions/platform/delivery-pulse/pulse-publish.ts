import { type Context, defineFunction, queueTrigger } from "#shared/function";
import { deliveriesOf } from "./deliveries-of.ts";
import { deliveries } from "./delivery.ts";
import { digestMessage } from "./digest.ts";
import { commitMessage } from "./message.ts";
import { publish, publishUses, type Subject } from "./publish.ts";
import { PublishRequest, publishRequests } from "./queues.ts";

const uses = { ...publishUses, deliveries: deliveries.grant("get", "list") };

/** Brings a Slack message up to date with what is known. */
export const pulsePublish = defineFunction({
  name: "pulse-publish",
  summary: "Posts or updates the one Slack message of a commit or of a daily digest.",
  trigger: queueTrigger(publishRequests),
  input: PublishRequest,
  uses,
  // Less than the queue's visibility, and enough for a look-up and a post that both take their longest.
  limits: { timeoutSeconds: 50 },
  handler: (ctx, { body, attempt }) => publish(ctx, { ...subjectOf(ctx, body), attempt }),
});

function subjectOf(ctx: Context<typeof uses>, request: PublishRequest): Omit<Subject, "attempt"> {
  const { repository } = request;
  if (request.kind === "commit") {
    const { commit } = request;
    return {
      repository,
      subject: `commit/${commit}`,
      async load() {
        const entry = await ctx.deliveries.get({ repository, commit });
        if (entry === undefined) return undefined;
        return { version: entry.value.version, message: commitMessage(entry.value) };
      },
    };
  }
  const { toMs } = request;
  return {
    repository,
    subject: `digest/${new Date(toMs).toISOString()}`,
    async load() {
      const message = digestMessage(repository, await deliveriesOf(ctx, repository), toMs);
      return message === undefined ? undefined : { version: 1, message };
    },
  };
}
