import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository } from "../../client.ts";
import { Count } from "../../report/alert.ts";

export const reportSecurity = defineAction({
  summary:
    "Count what is open in a repository or an organisation: code scanning, dependency and secret alerts by severity, with the oldest of each",
  docs: "https://docs.github.com/code-security/concepts/security-at-scale/about-security-overview",
  scopes: ["security_events:read", "vulnerability_alerts:read", "secret_scanning_alerts:read"],
  effect: "read",
  input: z.object({
    owner: repository.owner,
    /** All repositories of the organisation `owner` when left out. */
    repo: repository.repo.optional(),
  }),
  output: z.object({ code: Count, dependencies: Count, secrets: Count }),
  async run(api, { owner, repo }) {
    const { countAlerts } = await import("../../report/summary.ts");
    return countAlerts(api, owner, repo);
  },
});
