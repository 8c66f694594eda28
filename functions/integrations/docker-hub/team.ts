import * as z from "zod";

/** https://docs.docker.com/reference/api/hub/latest/schemas/org_group/ */
export const Team = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string().nullable(),
  members: z.int().nullable(),
});

export const TeamAnswer = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string().nullish(),
    member_count: z.int().nullish(),
  })
  .transform((given) => ({
    id: given.id,
    name: given.name,
    description: given.description ?? null,
    members: given.member_count ?? null,
  }));
