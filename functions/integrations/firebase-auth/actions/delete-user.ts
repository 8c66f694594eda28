import { Fault } from "#shared/errors";
import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { admin, projectOf, uid } from "../client.ts";

export const deleteUser = defineAction({
  summary: "Delete a user",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/delete",
  scopes: admin,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "a user is gone only once, and one that is gone is no error",
  },
  input: z.object({ uid }),
  output: z.object({ uid: z.string(), existed: z.boolean() }),
  async run(api, { uid: who }) {
    try {
      await api.request({
        method: "POST",
        path: path`/v1/projects/${projectOf(api)}/accounts:delete`,
        json: { localId: who },
        response: z.object({}),
      });
      return { uid: who, existed: true };
    } catch (error) {
      if (Fault.is(error) && error.code === "not_found") return { uid: who, existed: false };
      throw error;
    }
  },
});
