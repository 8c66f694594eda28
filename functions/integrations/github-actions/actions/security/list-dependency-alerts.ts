import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository, rest } from "../../client.ts";
import { Alert } from "../../report/alert.ts";

export const listDependencyAlerts = defineAction({
  summary: "List vulnerable dependencies (Dependabot alerts), newest first",
  docs: rest("dependabot/alerts#list-dependabot-alerts-for-a-repository"),
  scopes: ["vulnerability_alerts:read"],
  effect: "read",
  input: z.object({
    ...repository,
    ...paging,
    state: z.enum(["open", "dismissed", "auto_dismissed", "fixed"]).optional(),
  }),
  output: z.object({ alerts: z.array(Alert), next }),
  async run(api, input) {
    const { alertPage, dependency } = await import("../../report/alerts.ts");
    return alertPage(api, dependency, { from: undefined, state: undefined, ...input });
  },
});
