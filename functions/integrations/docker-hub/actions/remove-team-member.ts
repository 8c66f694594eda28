import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Deleted, namespace, team } from "../client.ts";

export const removeTeamMember = defineAction({
  summary: "Take somebody out of a team",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/deleteV2OrgsByOrgNameGroupsByGroupNameMembersByUsername/",
  scopes: ["organization owner"],
  effect: "write",
  idempotency: { kind: "natural", why: "who is out stays out" },
  input: z.object({ ...team, username: namespace }),
  output: Deleted,
  async run(api, { organization, team: name, username }) {
    const { status } = await api.send({
      method: "DELETE",
      path: path`/v2/orgs/${organization}/groups/${name}/members/${username}`,
      accept: [404],
      response: z.unknown(),
    });
    return { deleted: status !== 404 };
  },
});
