import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { tokenId } from "../access-token.ts";
import { Deleted } from "../client.ts";

export const deleteAccessToken = defineAction({
  summary: "Delete a personal access token for good",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/deleteV2AccessTokensByUuid/",
  scopes: ["repo:admin"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object({ id: tokenId }),
  output: Deleted,
  async run(api, { id }) {
    const { status } = await api.send({
      method: "DELETE",
      path: path`/v2/access-tokens/${id}`,
      accept: [404],
      response: z.unknown(),
    });
    return { deleted: status !== 404 };
  },
});
