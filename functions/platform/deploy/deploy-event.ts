import { ack, type Context, deadLetter, defineFunction, webhookTrigger } from "#shared/function";
import * as z from "zod";
import { sent } from "./advance.ts";
import { builds, deployments, RETENTION_SECONDS } from "./deployment.ts";
import { pipelines, tag } from "./pipeline.ts";
import { start, startUses } from "./start.ts";

const repository = z.object({ full_name: z.string() });
// https://docs.github.com/webhooks/webhook-events-and-payloads#push and #workflow_run, as wide as our use.
const Push = z.object({
  repository,
  ref: z.string(),
  after: z.string(),
  deleted: z.boolean().default(false),
});
const WorkflowRun = z.object({
  repository,
  action: z.string(),
  workflow_run: z.object({ id: z.union([z.int(), z.string()]).transform(String) }),
});

const uses = {
  ...startUses,
  deployments: deployments.grant("create", "update"),
  pipelines: pipelines.grant("get"),
  builds: builds.grant("get"),
};
type EventContext = Context<typeof uses>;

/** Hears of tags, which begin deployments, and of builds that are over. */
export const deployEvent = defineFunction({
  name: "deploy-event",
  summary: "Begins a deployment for a pushed tag, and goes on with it once its build is over.",
  trigger: webhookTrigger("github-actions", ["push", "workflow_run"]),
  // Read by type in the handler, so that a malformed event is put aside.
  input: z.unknown(),
  uses,
  async handler(ctx, { type, payload }) {
    const read = type === "push" ? Push.safeParse(payload) : WorkflowRun.safeParse(payload);
    if (!read.success) {
      const field = read.error.issues[0]?.path.join(".") || "payload";
      return deadLetter(
        `deploy.event: the ${type} event's ${field} does not fit; look at the event`,
      );
    }
    if ("ref" in read.data) await pushed(ctx, read.data);
    else if (read.data.action === "completed") await built(ctx, read.data);
    return ack();
  },
});

const TAGS = "refs/tags/";

async function pushed(
  ctx: EventContext,
  { repository: { full_name: of }, ref, after, deleted }: z.infer<typeof Push>,
): Promise<void> {
  const name = tag.safeParse(ref.slice(TAGS.length));
  if (!ref.startsWith(TAGS) || deleted || !name.success) return;
  const pipeline = await ctx.pipelines.get({ repository: of });
  if (!pipeline || !name.data.startsWith(pipeline.value.tagPrefix)) return;
  // A tag that is moved to another commit is another release.
  await start(ctx, pipeline.value, name.data, after.slice(0, 12));
}

/** The event is not believed: it only brings forward the time at which GitHub is asked. */
async function built(
  ctx: EventContext,
  { repository: { full_name: of }, workflow_run: run }: z.infer<typeof WorkflowRun>,
): Promise<void> {
  const build = await ctx.builds.get({ repository: of, run: run.id });
  if (build === undefined) return;
  const nowMs = ctx.clock.now();
  const { id } = build.value;
  const entry = await ctx.deployments.update(
    { repository: of, id },
    (row) =>
      row?.step.kind === "build" && row.dueAtMs > nowMs ? { ...row, dueAtMs: nowMs } : undefined,
    { ttlSeconds: RETENTION_SECONDS },
  );
  if (entry?.value.step.kind !== "build") return;
  await sent(ctx.steps.send({ repository: of, id, sequence: entry.value.sequence }));
}
