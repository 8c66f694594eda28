import { defineAction } from "#shared/integration";
import * as z from "zod";
import { isPlace, name, notPlace, oneIn, place, seenBy, visibility } from "../../secrets/place.ts";

export const putSecret = defineAction({
  summary:
    "Set a secret of a repository, an environment or an organisation; it leaves here sealed for GitHub alone",
  docs: "https://docs.github.com/rest/actions/secrets#create-or-update-a-repository-secret",
  scopes: ["secrets:write", "environments:write", "organization_secrets:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same name gets the same value" },
  input: z
    .object({
      ...place,
      name,
      /** At most 48 KB: https://docs.github.com/actions/reference/security/secrets#limits-for-secrets */
      value: z
        .string()
        .min(1)
        .max(48 * 1024),
      ...visibility,
    })
    .refine(isPlace, notPlace),
  output: z.object({ name: z.string(), created: z.boolean() }),
  async run(api, { name: called, value, visibility: seen, repositoryIds, ...where }) {
    const { key, key_id } = await api.request({
      method: "GET",
      path: oneIn(where, "secrets", "public-key"),
      response: z.object({ key_id: z.string(), key: z.string() }),
    });
    const { KEY_BYTES, seal } = await import("../../secrets/sealed-box.ts");
    const { status } = await api.send({
      method: "PUT",
      path: oneIn(where, "secrets", called),
      json: {
        encrypted_value: seal(value, key, api.randomBytes(KEY_BYTES)),
        key_id,
        ...seenBy(where, { visibility: seen, repositoryIds }),
      },
      response: z.unknown(),
    });
    return { name: called, created: status === 201 };
  },
});
