import type { HttpRequest } from "#shared/http";
import { Redacted } from "#shared/secrets";
import { describe, expect, it } from "vitest";
import { authorizeAsGiven, type GivenMethod } from "./authorize.ts";

const field = { label: "Field", required: true, secret: true } as const;
const request: HttpRequest = {
  method: "GET",
  url: "https://api.example.com/items",
  signal: new AbortController().signal,
  remainingMs: () => 1_000,
};

function sent(method: GivenMethod, values: Record<string, string>, url = request.url) {
  const given = Object.entries(values).map(([name, value]) => [name, new Redacted(value)] as const);
  const authorized = authorizeAsGiven(method, new Map(given))({ ...request, url });
  return { url: authorized.url, headers: authorized.headers ?? {} };
}

describe("credentials that go into a request as they are", () => {
  it.each<[GivenMethod, Record<string, string>, Record<string, string>]>([
    [
      { kind: "bearer", fields: { token: field } },
      { token: "t-1" },
      { authorization: "Bearer t-1" },
    ],
    [
      { kind: "basic", fields: { username: field, password: field } },
      { username: "ada", password: "p:w" },
      { authorization: "Basic YWRhOnA6dw==" },
    ],
    [
      { kind: "header", header: "x-api-key", fields: { token: field } },
      { token: "k" },
      { "x-api-key": "k" },
    ],
    [
      { kind: "header", header: "authorization", prefix: "Key ", fields: { token: field } },
      { token: "k" },
      { authorization: "Key k" },
    ],
    [{ kind: "none", fields: {} }, {}, {}],
  ])("stand in headers: %j", (method, values, headers) => {
    expect(sent(method, values)).toEqual({ url: request.url, headers });
    expect(sent(method, {})).toEqual({ url: request.url, headers: {} });
  });

  it("stand in the query, encoded", () => {
    const method: GivenMethod = { kind: "query", parameter: "key", fields: { token: field } };
    expect(sent(method, { token: "a&b" }).url).toBe(`${request.url}?key=a%26b`);
    const url = `${request.url}?page=2`;
    expect(sent(method, { token: "k" }, url).url).toBe(`${url}&key=k`);
    expect(sent(method, {}, url).url).toBe(url);
  });
});
