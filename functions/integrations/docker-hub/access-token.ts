import * as z from "zod";

export const tokenId = z.uuid();
/** https://docs.docker.com/reference/api/hub/latest/schemas/createAccessTokenRequest/ */
export const label = z.string().min(1).max(100);

export const AccessToken = z.object({
  id: z.string(),
  label: z.string(),
  scopes: z.array(z.string()),
  isActive: z.boolean(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
});

const given = z.object({
  uuid: z.string(),
  token_label: z.string(),
  scopes: z.array(z.string()),
  is_active: z.boolean(),
  created_at: z.string(),
  last_used: z.string().nullish(),
});

export const AccessTokenAnswer = given.transform(shown);

/** The answer that makes a token, which no other holds. */
export const NewTokenAnswer = given
  .extend({ token: z.string().min(1) })
  .transform((answer) => ({ ...shown(answer), token: answer.token }));

function shown(answer: z.infer<typeof given>): z.infer<typeof AccessToken> {
  return {
    id: answer.uuid,
    label: answer.token_label,
    scopes: answer.scopes,
    isActive: answer.is_active,
    createdAt: answer.created_at,
    lastUsedAt: answer.last_used ?? null,
  };
}
