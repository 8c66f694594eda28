import * as z from "zod";

/**
 * The largest body of a message, as JSON text: what the smallest request of the three clouds carries too
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB in base64), so that what came over
 * HTTP can be sent on.
 */
export const MAX_MESSAGE_BODY_BYTES = 4_500_000;

/**
 * What we put into every queue on every cloud, as JSON text. Attempts, trace and tenant live here because
 * no two brokers count, trace or isolate alike (a requeued message starts at zero again on all of them).
 */
export const Envelope = z.object({
  v: z.literal(1),
  id: z.string().min(1),
  /** 1 on first delivery. */
  attempt: z.int().min(1),
  enqueuedAtMs: z.int(),
  tenant: z.string().min(1),
  traceparent: z.string().optional(),
  /** The webhook event that caused this message, carried on so that runs can be listed by event. */
  event: z.string().optional(),
  /** Where the body is, when it is larger than the queue takes; `body` is null then. */
  claim: z
    .object({
      key: z.string().min(1),
      /** Hexadecimal, of the body as JSON text. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      sizeBytes: z.int().min(0),
    })
    .optional(),
  body: z.json(),
});

export type Envelope = z.infer<typeof Envelope>;
