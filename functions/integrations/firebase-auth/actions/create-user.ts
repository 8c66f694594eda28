import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { admin, projectOf, uid } from "../client.ts";
import { profile } from "../profile.ts";

export const createUser = defineAction({
  summary: "Create a user",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects/accounts",
  scopes: admin,
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Google takes no key; a repeat makes a second user, or is refused for the uid or email that is taken",
  },
  input: z
    .object({ uid: uid.optional(), ...profile })
    .refine((given) => given.password === undefined || given.email !== undefined, {
      path: ["email"],
      message: "is needed with a password",
    }),
  output: z.object({ uid: z.string() }),
  async run(api, { uid: localId, ...given }) {
    const created = await api.request({
      method: "POST",
      path: path`/v1/projects/${projectOf(api)}/accounts`,
      json: { localId, ...given },
      response: z.object({ localId: z.string() }),
    });
    return { uid: created.localId };
  },
});
