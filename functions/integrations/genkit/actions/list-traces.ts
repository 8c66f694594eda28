import { defineAction, list, path } from "#shared/integration";
import * as z from "zod";
import { Trace, TraceAnswer } from "./get-trace.ts";

const Summary = Trace.omit({ spans: true });

export const listTraces = defineAction({
  summary: "List the traces of a server, the latest first",
  docs: "https://genkit.dev/docs/local-observability",
  scopes: [],
  effect: "read",
  input: z.object({ limit: z.int().min(1).max(100).default(20), from: z.string().optional() }),
  output: z.object({ items: z.array(Summary), next: z.string().nullable() }),
  async run(api, { limit, from }) {
    const { items, next } = await list(
      api,
      {
        method: "GET",
        path: path`/api/traces`,
        query: { limit },
        response: z.object({
          traces: z.array(TraceAnswer),
          continuationToken: z.string().optional(),
        }),
      },
      {
        kind: "cursor",
        param: "continuationToken",
        items: (page) => page.traces,
        next: (page) => page.continuationToken,
      },
      { from, enough: limit },
    );
    return { items: items.map((one) => Summary.parse(one)), next };
  },
});
