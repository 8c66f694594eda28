import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { team } from "../client.ts";
import { Team, TeamAnswer } from "../team.ts";

export const createTeam = defineAction({
  summary: "Create a team in an organisation",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/postV2OrgsByOrgNameGroups/",
  scopes: ["organization owner"],
  effect: "write",
  idempotency: { kind: "none", why: "a second call is refused, because the name is taken" },
  input: z.object({ ...team, description: z.string().max(255).optional() }),
  output: Team,
  run: (api, { organization, team: name, description }) =>
    api.request({
      method: "POST",
      path: path`/v2/orgs/${organization}/groups`,
      json: { name, description },
      response: TeamAnswer,
    }),
});
