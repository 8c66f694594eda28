import { action } from "#shared/integration";
import * as z from "zod";

// Apart from what is done with them, which is loaded on first use: what a function loads at its start is limited.

const app = z.object({ resourceGroup: z.string(), app: z.string() });
/** Which slots get which part of the requests. */
export const Traffic = z.array(z.object({ slot: z.string(), percent: z.number() }));

export const azureActions = {
  slotTraffic: action("azure-functions.read-slot-traffic", {
    input: app,
    output: z.object({ traffic: Traffic }),
  }),
  slotShift: action("azure-functions.shift-slot-traffic", {
    input: app.extend({ traffic: Traffic }),
    output: z.object({ traffic: Traffic }),
  }),
  slotSwap: action("azure-functions.swap-slots", {
    input: app.extend({ slot: z.string() }),
    output: z.object({ done: z.boolean() }),
  }),
  slotCall: action("azure-functions.invoke-function", {
    input: app.extend({ slot: z.string().optional(), function: z.string(), method: z.string() }),
    output: z.object({ status: z.int(), text: z.string() }),
  }),
};
