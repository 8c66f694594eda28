import { action } from "#shared/integration";
import * as z from "zod";

// Apart from what is done with them, which is loaded on first use: what a function loads at its start is limited.

const at = z.object({ id: z.string(), location: z.string().optional() });
const Share = z.object({ revision: z.string().nullable(), percent: z.number() });
export type Place = z.infer<typeof at>;
export type Share = z.infer<typeof Share>;
const State = z.object({
  ready: z.boolean(),
  reconciling: z.boolean(),
  problem: z.string().nullable(),
  latestReadyRevision: z.string().nullable(),
  latestCreatedRevision: z.string().nullable(),
  traffic: z.array(Share),
});

export const cloudRunActions = {
  runService: action("cloud-functions.get-service", { input: at, output: State }),
  runUpdate: action("cloud-functions.update-service", {
    input: at.extend({ image: z.string(), revision: z.string(), candidate: z.string() }),
    output: z.object({ state: z.string() }),
  }),
  runSplit: action("cloud-functions.split-traffic", {
    input: at.extend({
      split: z.array(Share.extend({ tag: z.string().nullable().optional() })),
    }),
    output: z.object({ changed: z.boolean() }),
  }),
  runCall: action("cloud-functions.invoke-service", {
    input: at.extend({ tag: z.string(), method: z.string(), path: z.string() }),
    output: z.object({ status: z.int() }),
  }),
};
