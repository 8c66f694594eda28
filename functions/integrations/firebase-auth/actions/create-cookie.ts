import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { admin, idToken, projectOf } from "../client.ts";

export const createCookie = defineAction({
  summary: "Exchange a fresh ID token for a session cookie",
  docs: "https://firebase.google.com/docs/auth/admin/manage-cookies#create_session_cookie",
  scopes: admin,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "a cookie is computed and kept nowhere; a second one is as good",
  },
  // https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects/createSessionCookie
  input: z.object({ idToken, validSeconds: z.int().min(300).max(1_209_600).default(432_000) }),
  output: z.object({ cookie: z.string(), expiresAt: z.iso.datetime() }),
  async run(api, { idToken: token, validSeconds }) {
    const expiresAt = new Date(api.now() + validSeconds * 1_000).toISOString();
    const created = await api.request({
      method: "POST",
      path: path`/v1/projects/${projectOf(api)}:createSessionCookie`,
      json: { idToken: token, validDuration: String(validSeconds) },
      response: z.object({ sessionCookie: z.string() }),
    });
    return { cookie: created.sessionCookie, expiresAt };
  },
});
