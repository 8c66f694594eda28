import { defineAction, path } from "#shared/integration";
import * as z from "zod";

export const rotateToken = defineAction({
  summary:
    "Exchange a refresh token for a new ID token, and for the refresh token to use from now on",
  docs: "https://firebase.google.com/docs/reference/rest/auth#section-refresh-token",
  scopes: [],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "the refresh token stays good; a second ID token is as good",
  },
  input: z.object({
    refreshToken: z.string().min(1).max(4_096),
    /** The web API key of the app, which is no secret: https://firebase.google.com/docs/projects/api-keys */
    apiKey: z.string().regex(/^[\w-]{1,64}$/),
  }),
  output: z.object({
    uid: z.string(),
    idToken: z.string(),
    refreshToken: z.string(),
    expiresInSeconds: z.int(),
  }),
  async run(api, { apiKey: key, refreshToken }) {
    const given = await api.request({
      method: "POST",
      host: "tokens",
      path: path`/v1/token`,
      query: { key },
      form: { grant_type: "refresh_token", refresh_token: refreshToken },
      response: z.object({
        user_id: z.string(),
        id_token: z.string(),
        refresh_token: z.string(),
        expires_in: z.coerce.number(),
      }),
    });
    return {
      uid: given.user_id,
      idToken: given.id_token,
      refreshToken: given.refresh_token,
      expiresInSeconds: given.expires_in,
    };
  },
});
