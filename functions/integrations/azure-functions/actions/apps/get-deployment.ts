import { defineAction } from "#shared/integration";
import * as z from "zod";
import { site } from "../../client.ts";

const Input = z.object({
  ...site,
  deployment: z
    .string()
    .regex(/^[\w-]{1,80}$/)
    .default("latest"),
});
export type Asked = z.output<typeof Input>;

/** A deployment as it stands. */
const Deployment = z.object({
  id: z.string(),
  state: z.enum(["pending", "building", "deploying", "succeeded", "failed"]),
  message: z.string().optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
});

export type Deployment = z.infer<typeof Deployment>;

export const getDeployment = defineAction({
  summary: "Wait for a deployment of a package, and tell how it ended",
  docs: "https://github.com/projectkudu/kudu/wiki/REST-API#deployment",
  scopes: ["Microsoft.Web/sites/read", "Microsoft.Web/sites/publish/Action"],
  effect: "read",
  input: Input,
  output: Deployment,
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, asked) => (await import("../../run/deployment.ts")).readDeployment(api, asked),
});
