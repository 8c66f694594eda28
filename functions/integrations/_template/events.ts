import * as z from "zod";

// https://docs.template.example/webhooks/events; only as wide as our use.

const item = z.object({ id: z.int(), title: z.string() });

export const events = {
  "item.created": z.object({ type: z.literal("item.created"), item }),
  "item.updated": z.object({ type: z.literal("item.updated"), item }),
};
