import * as z from "zod";

/** What must hold for a deployment to be let through. */
export const Conditions = z
  .object({
    /** Names of branches or tags; `*` stands for anything but a slash, `**` for anything; at most three of them. */
    refs: z
      .array(
        z
          .string()
          .min(1)
          .max(255)
          .regex(/^[^*]*(?:\*+[^*]*){0,3}$/),
      )
      .min(1)
      .max(20)
      .optional(),
    /** Whose runs: who started it, and who ran it again. */
    actors: z.array(z.string().min(1).max(100)).min(1).max(50).optional(),
    /** These checks of the commit have succeeded, been skipped or are neutral. */
    checks: z.array(z.string().min(1).max(255)).min(1).max(50).optional(),
  })
  .refine((conditions) => Object.values(conditions).some((one) => one !== undefined), {
    message: "name at least one condition",
  });

export type Conditions = z.output<typeof Conditions>;
