import { defineAction } from "#shared/integration";
import * as z from "zod";
import { rulesScopes } from "../client.ts";
import { documentPath, placeOf, resource } from "../place.ts";
import { projectName, rulesReference, rulesText, sourceOf } from "../rules.ts";

const Case = z.strictObject({
  expect: z.enum(["allow", "deny"]),
  method: z.enum(["get", "list", "create", "update", "delete"]),
  document: documentPath,
  /** Who asks, with the claims of the token; nobody where it is left out. */
  auth: z
    .strictObject({ uid: z.string().min(1), token: z.record(z.string(), z.json()).default({}) })
    .optional(),
  /** The document's fields as they are, and as the request would have them, in JSON. */
  before: z.record(z.string(), z.json()).optional(),
  after: z.record(z.string(), z.json()).optional(),
});

const Issue = z.object({
  severity: z.string().optional(),
  description: z.string().optional(),
  sourcePosition: z.object({ line: z.int().optional(), column: z.int().optional() }).optional(),
});

export const testRules = defineAction({
  summary: "Check security rules for errors and try requests on them, before they are released",
  docs: rulesReference.test,
  scopes: rulesScopes,
  effect: "read",
  input: z.object({ rules: rulesText, cases: z.array(Case).max(100).default([]) }),
  output: z.object({
    issues: z.array(
      z.object({ severity: z.string(), text: z.string(), line: z.int(), column: z.int() }),
    ),
    /** In the order of the cases. */
    passed: z.array(z.boolean()),
  }),
  async run(api, { rules, cases }) {
    const { database } = placeOf(api);
    const testCases = cases.map((one) => encodeCase(database, one));
    const { issues = [], testResults = [] } = await api.request({
      method: "POST",
      host: "rules",
      path: resource(projectName(api), ":test"),
      json: { source: sourceOf(rules), testSuite: { testCases } },
      response: z.object({
        issues: z.array(Issue).optional(),
        testResults: z.array(z.object({ state: z.string() })).optional(),
      }),
    });
    return {
      issues: issues.map(({ severity = "", description = "", sourcePosition = {} }) => ({
        severity: severity.toLowerCase(),
        text: description,
        line: sourcePosition.line ?? 0,
        column: sourcePosition.column ?? 0,
      })),
      passed: testResults.map(({ state }) => state === "SUCCESS"),
    };
  },
});

function encodeCase(database: string, one: z.infer<typeof Case>): object {
  const { expect, method, document, auth, before, after } = one;
  return {
    expectation: expect.toUpperCase(),
    request: {
      method,
      path: `/databases/${database}/documents/${document}`,
      ...(auth === undefined ? {} : { auth }),
      ...(after === undefined ? {} : { resource: { data: after } }),
    },
    ...(before === undefined ? {} : { resource: { data: before } }),
  };
}
