import * as z from "zod";

const Text = z.record(z.string(), z.string());

/** A value, or the values of a name that is repeated, in order. */
const Values = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(2)]));

/** A part of multipart/form-data; `base64` for what is no text. */
const RecordedPart = z.strictObject({
  name: z.string(),
  filename: z.string().optional(),
  type: z.string().optional(),
  text: z.string().optional(),
  base64: z.string().optional(),
});

const RecordedRequest = z.strictObject({
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
  /** The vendor's host, if it is not that of `http.baseUrl`; the path is then the whole one there. */
  host: z.string().optional(),
  /** Below the base URL, encoded, without query. */
  path: z.string().startsWith("/"),
  query: Values.optional(),
  /** Those that the action itself gives; none of the integration, the credentials or the body's type. */
  headers: Text.optional(),
  json: z.json().optional(),
  form: Values.optional(),
  /** With the type, unless it is JSON or a form. */
  text: z.string().optional(),
  base64: z.string().optional(),
  ndjson: z.array(z.json()).optional(),
  type: z.string().optional(),
  multipart: z.array(RecordedPart).optional(),
});

const RecordedResponse = z.strictObject({
  status: z.int().min(200).max(599).default(200),
  /** Those that are read: `etag`, `link`, `location`. */
  headers: Text.optional(),
  /** At most one of the bodies; none for an empty one. */
  json: z.json().optional(),
  text: z.string().optional(),
  base64: z.string().optional(),
  /** Server-sent events; data that is no text is sent as JSON. */
  events: z
    .array(
      z.strictObject({ event: z.string().optional(), id: z.string().optional(), data: z.json() }),
    )
    .optional(),
  ndjson: z.array(z.json()).optional(),
  /** What the sandbox answers instead of `json`, where a recording would be untrue: see its templates. */
  sandbox: z.json().optional(),
});

/** One exchange with a vendor, trimmed by hand to what we read. */
export const FixtureExchange = z.strictObject({
  /** Of an action that writes: this request only reads, whatever its method, as the call of it says. */
  safe: z.literal(true).optional(),
  request: RecordedRequest,
  response: RecordedResponse,
});

/**
 * `fixtures/<action>.json`: what an action is given, what it says to the vendor and hears, and what it gives. Without
 * exchanges for an action that computes alone.
 */
export const Fixture = z.strictObject({
  input: z.json(),
  /** The connection's settings, if any matter. */
  config: Text.optional(),
  exchanges: z.array(FixtureExchange),
  /** What comes before the output of a streamed action. */
  chunks: z.array(z.json()).optional(),
  output: z.json(),
});

export type RecordedRequest = z.infer<typeof RecordedRequest>;
export type RecordedResponse = z.infer<typeof RecordedResponse>;
export type FixtureExchange = z.infer<typeof FixtureExchange>;
export type Fixture = z.infer<typeof Fixture>;

/** `fixtures/events.json`: at least one sample of every event the integration declares. */
export const EventSamples = z.array(
  z.strictObject({
    type: z.string(),
    delivery: z.string(),
    /** Only those we read; the signature is made by the test. */
    headers: z.record(z.string(), z.string()),
    /** Sent as a form: its fields are the payload, or one of them is, as JSON. */
    form: z.enum(["fields", "json"]).optional(),
    payload: z.json(),
    /** What the vendor hears, where it waits for a decision. */
    answer: z.strictObject({ status: z.int(), body: z.json() }).optional(),
  }),
);

export type EventSamples = z.infer<typeof EventSamples>;
export type EventSample = EventSamples[number];
