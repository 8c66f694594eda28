import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository } from "../../client.ts";
import { Alert, alertPage, code } from "../../report/alerts.ts";

export const listCodeAlerts = defineAction({
  summary: "List code scanning alerts, newest first",
  docs: "https://docs.github.com/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository",
  scopes: ["security_events:read"],
  effect: "read",
  input: z.object({
    ...repository,
    ...paging,
    state: z.enum(["open", "dismissed", "fixed"]).optional(),
  }),
  output: z.object({ alerts: z.array(Alert), next }),
  run: (api, input) => alertPage(api, code, { from: undefined, state: undefined, ...input }),
});
