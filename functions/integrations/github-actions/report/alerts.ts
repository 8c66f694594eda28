import { type Api, type ApiPath, path } from "#shared/integration";
import * as z from "zod";
import { listPage } from "../pages/list-page.ts";
import type { Alert } from "./alert.ts";
import { severities } from "./alert.ts";

const given = {
  number: z.int(),
  state: z.string().nullable(),
  html_url: z.string(),
  created_at: z.string(),
};

/** A kind of alert: where its list is, how it is paged, and how an entry reads in our words. */
export type Kind<O extends z.ZodType = z.ZodType> = {
  /** Of a repository, or of all of an organisation where none is named. */
  readonly path: (owner: string, repo: string | undefined) => ApiPath;
  readonly query: Readonly<Record<string, string | boolean>>;
  readonly response: O;
  readonly alerts: (page: z.output<O>) => Alert[];
};

/** Repositories are paged by number or cursor, organisations by cursor: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export const alertPositions: readonly string[] = ["page", "after"];

function kind<O extends z.ZodType>(one: Kind<O>): Kind<O> {
  return one;
}

/** https://docs.github.com/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository */
export const code = kind({
  path: (owner, repo) =>
    repo === undefined
      ? path`/orgs/${owner}/code-scanning/alerts`
      : path`/repos/${owner}/${repo}/code-scanning/alerts`,
  query: {},
  response: z.array(
    z.object({
      ...given,
      rule: z.object({
        description: z.string().optional(),
        security_severity_level: z.enum(severities).nullish(),
      }),
      most_recent_instance: z.object({
        location: z.object({ path: z.string().optional() }).optional(),
      }),
    }),
  ),
  alerts: (page) =>
    page.map(({ rule, most_recent_instance: { location }, ...one }) => ({
      ...common(one),
      severity: rule.security_severity_level ?? "unrated",
      title: rule.description ?? "",
      where: location?.path ?? null,
    })),
});

/** https://docs.github.com/rest/dependabot/alerts#list-dependabot-alerts-for-a-repository */
export const dependency = kind({
  path: (owner, repo) =>
    repo === undefined
      ? path`/orgs/${owner}/dependabot/alerts`
      : path`/repos/${owner}/${repo}/dependabot/alerts`,
  query: {},
  response: z.array(
    z.object({
      ...given,
      dependency: z.object({ package: z.object({ ecosystem: z.string(), name: z.string() }) }),
      security_advisory: z.object({
        ghsa_id: z.string(),
        summary: z.string(),
        severity: z.enum(severities),
      }),
    }),
  ),
  alerts: (page) =>
    page.map(({ dependency: { package: found }, security_advisory: advisory, ...one }) => ({
      ...common(one),
      severity: advisory.severity,
      title: `${advisory.ghsa_id}: ${advisory.summary}`,
      where: `${found.ecosystem}/${found.name}`,
    })),
});

/**
 * https://docs.github.com/rest/secret-scanning/secret-scanning#list-secret-scanning-alerts-for-a-repository; GitHub rates
 * none, and a secret that still works is critical to us. The secret itself is asked not to be told.
 */
export const secret = kind({
  path: (owner, repo) =>
    repo === undefined
      ? path`/orgs/${owner}/secret-scanning/alerts`
      : path`/repos/${owner}/${repo}/secret-scanning/alerts`,
  query: { hide_secret: true },
  response: z.array(
    z.object({
      ...given,
      secret_type_display_name: z.string().optional(),
      provider: z.string().nullish(),
      validity: z.string().optional(),
    }),
  ),
  alerts: (page) =>
    page.map(({ secret_type_display_name: title = "", provider, validity, ...one }) => ({
      ...common(one),
      severity: validity === "active" ? "critical" : validity === "inactive" ? "low" : "high",
      title,
      where: provider ?? null,
    })),
});

function common(
  one: Readonly<z.output<z.ZodObject<typeof given>>>,
): Pick<Alert, "number" | "state" | "url" | "createdAt"> {
  const { number, state, html_url: url, created_at: createdAt } = one;
  return { number, state, url, createdAt };
}

/** One page of alerts. */
export async function alertPage<O extends z.ZodType>(
  api: Api,
  one: Kind<O>,
  asked: {
    readonly owner: string;
    readonly repo: string;
    readonly state: string | undefined;
    readonly perPage: number;
    readonly from: string | undefined;
  },
): Promise<{ alerts: Alert[]; next: string | null }> {
  const { owner, repo, state, perPage, from } = asked;
  const found = await listPage(api, {
    path: one.path(owner, repo),
    query: {
      ...one.query,
      state,
    },
    perPage,
    from,
    params: alertPositions,
    response: one.response,
    items: one.alerts,
  });
  return { alerts: [...found.items], next: found.next };
}
