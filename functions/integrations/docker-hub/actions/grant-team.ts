import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { partsOf, repository } from "../client.ts";

const permission = z.enum(["read", "write", "admin"]);

export const grantTeam = defineAction({
  summary: "Let a team read, write or administer a repository",
  docs: "https://docs.docker.com/reference/api/hub/latest/operations/CreateRepositoryGroup/",
  scopes: ["repo:admin", "organization owner"],
  effect: "write",
  idempotency: { kind: "natural", why: "a team has one permission of a repository, which is set" },
  input: z.object({ repository, teamId: z.int().positive(), permission }),
  output: z.object({ teamId: z.int(), team: z.string(), permission }),
  run(api, input) {
    const [space, name] = partsOf(input.repository);
    return api.request({
      method: "POST",
      path: path`/v2/repositories/${space}/${name}/groups`,
      json: { group_id: input.teamId, permission: input.permission },
      response: z
        .object({ group_id: z.int(), group_name: z.string(), permission })
        .transform((given) => ({
          teamId: given.group_id,
          team: given.group_name,
          permission: given.permission,
        })),
    });
  },
});
