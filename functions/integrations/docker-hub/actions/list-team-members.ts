import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { from, listOf, readPages, team } from "../client.ts";

const Member = z.object({ id: z.string(), username: z.string(), fullName: z.string().nullable() });
const MemberAnswer = z
  .object({ id: z.string(), username: z.string(), full_name: z.string().nullish() })
  .transform(({ id, username, full_name: fullName }) => ({
    id,
    username,
    fullName: fullName ?? null,
  }));

export const listTeamMembers = defineAction({
  summary: "List the people of a team",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/getV2OrgsByOrgNameGroupsByGroupNameMembers/",
  scopes: ["organization owner"],
  effect: "read",
  input: z.object({ ...team, from }),
  output: listOf(Member),
  run: (api, { organization, team: name, from: start }) =>
    readPages(api, path`/v2/orgs/${organization}/groups/${name}/members`, MemberAnswer, {
      from: start,
    }),
});
