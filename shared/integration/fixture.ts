import * as z from "zod";

/** One exchange with a vendor, trimmed by hand to what we read. */
export const FixtureExchange = z.strictObject({
  request: z.strictObject({
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    /** Below the base URL, encoded, without query. */
    path: z.string().startsWith("/"),
    query: z.record(z.string(), z.string()).optional(),
    json: z.json().optional(),
  }),
  response: z.strictObject({
    status: z.int().min(200).max(599).default(200),
    /** Left out for an empty body. */
    json: z.json().optional(),
    /** What the sandbox answers instead, where a recording would be untrue: see its templates. */
    sandbox: z.json().optional(),
  }),
});

/** `fixtures/<action>.json`: what an action is given, what it says to the vendor and hears, and what it gives. */
export const Fixture = z.strictObject({
  input: z.json(),
  exchanges: z.array(FixtureExchange).min(1),
  output: z.json(),
});

export type FixtureExchange = z.infer<typeof FixtureExchange>;
export type Fixture = z.infer<typeof Fixture>;

/** `fixtures/events.json`: at least one sample of every event the integration declares. */
export const EventSamples = z.array(
  z.strictObject({
    type: z.string(),
    delivery: z.string(),
    /** Only those we read; the signature is made by the test. */
    headers: z.record(z.string(), z.string()),
    payload: z.json(),
  }),
);

export type EventSamples = z.infer<typeof EventSamples>;
