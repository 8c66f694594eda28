import { CloudEvent } from "#shared/topic";
import * as z from "zod";

/**
 * What a host asks of the engine, and below, in `answers.ts`, what it is told. Both sides read the other's words with
 * schemas: what crosses a process is outside until it was checked.
 */
const text = z.string().max(2_000_000);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,99}$/);

export const Publish = z.object({ topic: name, events: z.array(CloudEvent).max(1_000) });

export const Send = z.object({
  queue: name,
  messages: z.array(z.object({ body: text, delaySeconds: z.int().min(0).max(900) })).max(1_000),
});

export const MeterCall = z.object({ subject: z.string().max(400), lines: z.string().max(40_000) });
