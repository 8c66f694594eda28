import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Deleted, team } from "../client.ts";

export const deleteTeam = defineAction({
  summary: "Delete a team, and with it what its people may do",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/deleteV2OrgsByOrgNameGroupsByGroupName/",
  scopes: ["organization owner"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object(team),
  output: Deleted,
  async run(api, { organization, team: name }) {
    const { status } = await api.send({
      method: "DELETE",
      path: path`/v2/orgs/${organization}/groups/${name}`,
      accept: [404],
      response: z.unknown(),
    });
    return { deleted: status !== 404 };
  },
});
