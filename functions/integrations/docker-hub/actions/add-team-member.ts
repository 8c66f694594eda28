import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Done, namespace, team } from "../client.ts";

export const addTeamMember = defineAction({
  summary: "Add somebody of the organisation to a team",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/postV2OrgsByOrgNameGroupsByGroupNameMembers/",
  scopes: ["organization owner"],
  effect: "write",
  idempotency: { kind: "natural", why: "nobody is in a team twice" },
  input: z.object({ ...team, username: namespace }),
  output: Done,
  async run(api, { organization, team: name, username }) {
    await api.request({
      method: "POST",
      path: path`/v2/orgs/${organization}/groups/${name}/members`,
      json: { member: username },
      response: z.unknown(),
    });
    return {};
  },
});
