import { defineAction } from "#shared/integration";
import * as z from "zod";
import { admin, changeUser, uid } from "../client.ts";
import { profile } from "../profile.ts";

/** What a user may be without, and Google's word for taking it away. */
const removable = {
  displayName: "DISPLAY_NAME",
  photoUrl: "PHOTO_URL",
} as const;

export const updateUser = defineAction({
  summary: "Change what is said of a user, or take it away",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/update",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "the user is given the same values again" },
  input: z
    .object({
      uid,
      ...profile,
      remove: z
        .array(z.enum(["displayName", "photoUrl", "phoneNumber"]))
        .min(1)
        .optional(),
      /** Ways to sign in that no longer lead to this user. */
      unlink: z.array(z.string().min(1)).min(1).optional(),
    })
    .refine((given) => Object.keys(given).length > 1, "changes nothing"),
  output: z.object({ uid: z.string() }),
  run(api, { uid: who, disabled: disableUser, remove = [], unlink = [], ...given }) {
    const attributes = remove.flatMap((name) => (name === "phoneNumber" ? [] : removable[name]));
    // A phone number is a way to sign in, and goes with it.
    const providers = remove.includes("phoneNumber") ? [...unlink, "phone"] : unlink;
    return changeUser(api, who, {
      ...given,
      disableUser,
      ...(attributes.length === 0 ? {} : { deleteAttribute: attributes }),
      ...(providers.length === 0 ? {} : { deleteProvider: providers }),
    });
  },
});
