import { defineAction, path } from "#shared/integration";
import * as z from "zod";

const schema = z.record(z.string(), z.json()).nullish();

export const listFlows = defineAction({
  summary: "List the flows of a server, with the schemas of what they take and give",
  docs: "https://genkit.dev/docs/devtools",
  scopes: [],
  effect: "read",
  input: z.object({}),
  output: z.object({
    flows: z.array(
      z.object({
        flow: z.string(),
        description: z.string().optional(),
        input: z.record(z.string(), z.json()).optional(),
        output: z.record(z.string(), z.json()).optional(),
      }),
    ),
  }),
  async run(api) {
    const actions = await api.request({
      method: "GET",
      path: path`/api/actions`,
      response: z.record(
        z.string(),
        z.object({
          name: z.string(),
          description: z.string().nullish(),
          inputSchema: schema,
          outputSchema: schema,
        }),
      ),
    });
    const flows = Object.entries(actions).filter(([key]) => key.startsWith("/flow/"));
    return {
      flows: flows.map(([, { name, description, inputSchema, outputSchema }]) => ({
        flow: name,
        description: description ?? undefined,
        input: inputSchema ?? undefined,
        output: outputSchema ?? undefined,
      })),
    };
  },
});
