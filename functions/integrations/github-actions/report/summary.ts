import { Fault } from "#shared/errors";
import { type Api, list } from "#shared/integration";
import type * as z from "zod";
import type { Alert } from "./alert.ts";
import { type Count, type Severity } from "./alert.ts";
import { alertPositions, code, dependency, type Kind, secret } from "./alerts.ts";

/** Alerts that are counted of a kind: ten pages. */
const MAX_PAGES = 10;

/** Counts the open alerts of all kinds, of a repository or a whole organisation. One that cannot be read does not keep the others back. */
export async function countAlerts(
  api: Api,
  owner: string,
  repo: string | undefined,
): Promise<{ code: Count; dependencies: Count; secrets: Count }> {
  return {
    code: await countKind(api, code, owner, repo),
    dependencies: await countKind(api, dependency, owner, repo),
    secrets: await countKind(api, secret, owner, repo),
  };
}

async function countKind<O extends z.ZodType>(
  api: Api,
  kind: Kind<O>,
  owner: string,
  repo: string | undefined,
): Promise<Count> {
  const query = { ...kind.query, state: "open", per_page: 100 };
  try {
    const found = await list(
      api,
      { method: "GET", path: kind.path(owner, repo), query, response: kind.response },
      { kind: "link", params: alertPositions, items: kind.alerts },
      { maxPages: MAX_PAGES },
    );
    return count(found.items, found.next !== null);
  } catch (error) {
    // 404 and 403 alike stand for a feature that is off and for a permission that is missing.
    const unreadable = Fault.is(error) && ["not_found", "permission_denied"].includes(error.code);
    if (!unreadable) throw error;
    return { ...count([], false), readable: false };
  }
}

function count(alerts: readonly Alert[], more: boolean): Count {
  const bySeverity: Partial<Record<Severity, number>> = {};
  for (const { severity } of alerts) bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
  const [oldest = null] = alerts.map(({ createdAt }) => createdAt).toSorted();
  return { readable: true, open: alerts.length, bySeverity, oldest, more };
}
