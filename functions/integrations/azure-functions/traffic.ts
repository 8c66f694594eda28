import * as z from "zod";

/** Which part of production's requests goes to which slot; the rest stays with production. */
export const Traffic = z.array(z.object({ slot: z.string(), percent: z.number() }));

export const ConfigAnswer = z
  .object({
    properties: z.object({
      experiments: z
        .object({
          rampUpRules: z
            .array(z.object({ name: z.string(), reroutePercentage: z.number() }))
            .nullish(),
        })
        .nullish(),
    }),
  })
  .transform(({ properties }) => {
    const rules = properties.experiments?.rampUpRules ?? [];
    return rules.map(({ name, reroutePercentage }) => ({ slot: name, percent: reroutePercentage }));
  });
