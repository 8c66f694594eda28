import { scriptedApi } from "#shared/testing";
import { expect, it } from "vitest";
import * as z from "zod";
import { path } from "../path.ts";
import { graphql } from "./graphql.ts";

const response = z.object({ issue: z.object({ id: z.string() }).nullable() });
const call = {
  path: path`/graphql`,
  query: "query ($id: ID!) { issue(id: $id) { id } }",
  variables: { id: "7" },
  response,
  codes: { NOT_FOUND: "not_found" },
} as const;
const error = (code?: string) => ({
  message: "secret of ada@example.com",
  extensions: code === undefined ? {} : { code },
});

it("asks with variables and gives the data", async () => {
  const { api, sent } = scriptedApi([{ json: { data: { issue: { id: "7" } } } }]);
  expect(await graphql(api, call)).toEqual({ issue: { id: "7" } });
  expect(sent).toMatchObject([
    { method: "POST", text: JSON.stringify({ query: call.query, variables: { id: "7" } }) },
  ]);
});

it.each([
  ["NOT_FOUND", "not_found"],
  ["OTHER", "invalid_argument"],
  [undefined, "invalid_argument"],
  ["constructor", "invalid_argument"],
  ["a\r\nb", "invalid_argument"],
])("takes no data that comes with the error %j", async (code, expected) => {
  const { api } = scriptedApi([{ json: { data: { issue: null }, errors: [error(code)] } }]);
  const fault: unknown = await graphql(api, call).catch((thrown: unknown) => thrown);
  expect(fault).toMatchObject({ code: expected, origin: "upstream" });
  expect(String(fault)).not.toMatch(/secret|ada|\r/);
});

it("takes part of the data where that is declared, and never data of another shape", async () => {
  const answer = { json: { data: { issue: null }, errors: [error("NOT_FOUND")] } };
  expect(await graphql(scriptedApi([answer]).api, { ...call, partial: true })).toEqual({
    issue: null,
  });
  const none = { json: { data: null, errors: [error("NOT_FOUND")] } };
  await expect(graphql(scriptedApi([none]).api, { ...call, partial: true })).rejects.toMatchObject({
    code: "not_found",
  });
  const strange = { json: { data: { issue: { id: 7 } } } };
  await expect(graphql(scriptedApi([strange]).api, call)).rejects.toMatchObject({
    code: "internal",
    details: { field: "issue.id" },
  });
});
