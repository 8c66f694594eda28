import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { from, listOf, namespace, readPages } from "../client.ts";
import { Team, TeamAnswer } from "../team.ts";

export const listTeams = defineAction({
  summary: "List the teams of an organisation, or those of one of its people",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/getV2OrgsByOrgNameGroups/",
  scopes: ["organization owner"],
  effect: "read",
  input: z.object({ organization: namespace, username: namespace.optional(), from }),
  output: listOf(Team),
  run: (api, { organization, username, from: start }) =>
    readPages(api, path`/v2/orgs/${organization}/groups`, TeamAnswer, {
      from: start,
      query: username === undefined ? {} : { username },
    }),
});
