import { defineAction, poll } from "#shared/integration";
import * as z from "zod";
import { site, Time } from "../../client.ts";
import { atHost, Deployment, readScm, stateOf } from "../../deployment.ts";

const Answer = z.object({
  id: z.string(),
  status: z.int(),
  status_text: z.string().nullish(),
  complete: z.boolean().nullish(),
  start_time: Time.nullish(),
  end_time: Time.nullish(),
});

export const getDeployment = defineAction({
  summary: "Wait for a deployment of a package, and tell how it ended",
  docs: "https://github.com/projectkudu/kudu/wiki/REST-API#deployment",
  scopes: ["Microsoft.Web/sites/read", "Microsoft.Web/sites/publish/Action"],
  effect: "read",
  input: z.object({
    ...site,
    deployment: z
      .string()
      .regex(/^[\w-]{1,80}$/)
      .default("latest"),
  }),
  output: Deployment,
  async run(api, { deployment, ...at }) {
    const { scm } = await readScm(api, at);
    const { state: answer } = await poll(
      api,
      {
        method: "GET",
        ...atHost("scm", scm, `/api/deployments/${deployment}`),
        response: Answer,
      },
      { firstWaitMs: 2_000, done: ({ complete, status }) => complete === true || status > 2 },
    );
    return {
      id: answer.id,
      state: stateOf(answer.status),
      message: answer.status_text || undefined,
      startedAt: answer.start_time ?? undefined,
      endedAt: answer.end_time ?? undefined,
    };
  },
});
