import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository, rest } from "../../client.ts";
import { Alert } from "../../report/alert.ts";

export const listCodeAlerts = defineAction({
  summary: "List code scanning alerts, newest first",
  docs: rest("code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository"),
  scopes: ["security_events:read"],
  effect: "read",
  input: z.object({
    ...repository,
    ...paging,
    state: z.enum(["open", "dismissed", "fixed"]).optional(),
  }),
  output: z.object({ alerts: z.array(Alert), next }),
  async run(api, input) {
    const { alertPage, code } = await import("../../report/alerts.ts");
    return alertPage(api, code, { from: undefined, state: undefined, ...input });
  },
});
