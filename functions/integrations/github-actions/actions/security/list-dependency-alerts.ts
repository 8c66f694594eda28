import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository } from "../../client.ts";
import { Alert, alertPage, dependency } from "../../report/alerts.ts";

export const listDependencyAlerts = defineAction({
  summary: "List vulnerable dependencies (Dependabot alerts), newest first",
  docs: "https://docs.github.com/rest/dependabot/alerts#list-dependabot-alerts-for-a-repository",
  scopes: ["vulnerability_alerts:read"],
  effect: "read",
  input: z.object({
    ...repository,
    ...paging,
    state: z.enum(["open", "dismissed", "auto_dismissed", "fixed"]).optional(),
  }),
  output: z.object({ alerts: z.array(Alert), next }),
  run: (api, input) => alertPage(api, dependency, { from: undefined, state: undefined, ...input }),
});
