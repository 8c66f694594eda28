import * as z from "zod";

/** A CloudEvent in its structured form; https://github.com/cloudevents/spec/blob/main/cloudevents/spec.md. */
export const CloudEvent = z.looseObject({
  specversion: z.literal("1.0"),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  subject: z.string().optional(),
  time: z.string().optional(),
  datacontenttype: z.string().optional(),
  data: z.unknown(),
});

export type CloudEvent = z.infer<typeof CloudEvent>;
