import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository, rest } from "../../client.ts";
import { Alert } from "../../report/alert.ts";

export const listSecretAlerts = defineAction({
  summary:
    "List secrets that were found in the repository, without the secrets themselves, newest first",
  docs: rest("secret-scanning/secret-scanning#list-secret-scanning-alerts-for-a-repository"),
  scopes: ["secret_scanning_alerts:read"],
  effect: "read",
  input: z.object({
    ...repository,
    ...paging,
    state: z.enum(["open", "resolved"]).optional(),
  }),
  output: z.object({ alerts: z.array(Alert), next }),
  async run(api, input) {
    const { alertPage, secret } = await import("../../report/alerts.ts");
    return alertPage(api, secret, { from: undefined, state: undefined, ...input });
  },
});
