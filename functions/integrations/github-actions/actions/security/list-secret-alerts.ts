import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository } from "../../client.ts";
import { Alert, alertPage, secret } from "../../report/alerts.ts";

export const listSecretAlerts = defineAction({
  summary:
    "List secrets that were found in the repository, without the secrets themselves, newest first",
  docs: "https://docs.github.com/rest/secret-scanning/secret-scanning#list-secret-scanning-alerts-for-a-repository",
  scopes: ["secret_scanning_alerts:read"],
  effect: "read",
  input: z.object({
    ...repository,
    ...paging,
    state: z.enum(["open", "resolved"]).optional(),
  }),
  output: z.object({ alerts: z.array(Alert), next }),
  run: (api, input) => alertPage(api, secret, { from: undefined, state: undefined, ...input }),
});
