import { Fault } from "#shared/errors";
import { defineFunction, httpTrigger } from "#shared/function";
import * as z from "zod";
import { pipelines, repository, tag } from "./pipeline.ts";
import { start, startUses } from "./start.ts";

/** Deploys a tag on demand. */
export const deployStart = defineFunction({
  name: "deploy-start",
  summary:
    "Deploys a tag; the same tag and run give the same deployment, however often it is called.",
  trigger: httpTrigger("POST", "/v1/functions/deploy-start"),
  input: z.object({
    repository,
    tag,
    /** Tells another deployment of the same tag from a repeat of the call. */
    run: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .default("1"),
  }),
  uses: { ...startUses, pipelines: pipelines.grant("get") },
  async handler(ctx, { repository: of, tag: name, run }) {
    const pipeline = await ctx.pipelines.get({ repository: of });
    if (pipeline === undefined) throw unknown();
    const { id, step } = await start(ctx, pipeline.value, name, run);
    return { repository: of, id, step: step.kind };
  },
});

function unknown(): Fault {
  return new Fault(
    "not_found",
    "deploy.start: nobody has said how this repository is deployed; call deploy-settings first",
    { origin: "caller" },
  );
}
