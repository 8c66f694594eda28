import type { Api } from "#shared/integration";
import * as z from "zod";
import { placeOf, requireWholeDatabase } from "./place.ts";

/** Where Firestore looks for the rules of a database: https://firebase.google.com/docs/reference/rules/rest */
export function releaseName(api: Api): string {
  const { project, database } = requireWholeDatabase(placeOf(api));
  const named = database === "(default)" ? "" : `/${database}`;
  return `projects/${project}/releases/cloud.firestore${named}`;
}

/** The project's resource. Throws `permission_denied` for a connection that is not for the whole database. */
export function projectName(api: Api): string {
  return `projects/${requireWholeDatabase(placeOf(api)).project}`;
}

export const ruleset = z.string().regex(/^[\w-]{1,100}$/);

/** The text of rules; a ruleset may have 256 KB: https://firebase.google.com/docs/firestore/quotas#security_rules */
export const rulesText = z.string().min(1).max(262_144);

/** The one file that rules of Firestore are in. */
export function sourceOf(rules: string) {
  return { files: [{ name: "firestore.rules", content: rules }] };
}

export const VendorRuleset = z.object({
  name: z.string(),
  createTime: z.string().optional(),
  source: z
    .object({ files: z.array(z.object({ name: z.string(), content: z.string() })) })
    .optional(),
});

export const VendorRelease = z.object({
  name: z.string(),
  rulesetName: z.string(),
  updateTime: z.string().optional(),
});

const page = "https://firebase.google.com/docs/reference/rules/rest/v1/projects";
export const rulesReference = {
  test: `${page}/test`,
  releases: `${page}.releases`,
  rulesets: `${page}.rulesets`,
} as const;
