import { describe, expect, it } from "vitest";
import type { Exception, Operation } from "./contract.ts";
import { ContractCheck } from "./contract-check.ts";
import { findOperation, matchPath } from "./path-template.ts";
import { sentRequest } from "./recorded.ts";

const described = { source: "x", parameters: [], responses: { 200: {} } };
const put: Operation = {
  ...described,
  method: "POST",
  path: "/",
  select: [{ in: "header", name: "x-amz-target", value: "Events.Put" }],
  body: {
    content: { "application/x-www-form-urlencoded": { properties: { n: { type: "integer" } } } },
  },
};
const list: Operation = {
  ...described,
  method: "GET",
  path: "/things/{id}",
  parameters: [{ name: "filter", in: "query", style: "deepObject", schema: true }],
};
const definitions = new Map();

describe("an operation", () => {
  it("is the one whose path says most", () => {
    const paths = ["/{+rest}", "/things/{id}", "/things/search", "/things/{id}:stop"];
    const operations = paths.map((path) => ({ method: "GET", path }));
    const find = (path: string) =>
      findOperation(operations, { method: "GET", path, query: {} })?.path;
    expect(["/things/search", "/things/7", "/things/7:stop", "/a/b"].map(find)).toEqual([
      "/things/search",
      "/things/{id}",
      "/things/{id}:stop",
      "/{+rest}",
    ]);
  });

  it("is told from its like by a header", () => {
    const asked = {
      method: "POST",
      path: "/",
      query: {},
      headers: { "x-amz-target": "Events.Put" },
    };
    expect(findOperation([put], asked)).toBe(put);
    expect(findOperation([put], { ...asked, headers: {} })).toBeUndefined();
    const any = { ...put, select: [] };
    expect(findOperation([any, put], asked)).toBe(put);
    expect(findOperation([any, put], { ...asked, headers: {} })).toBe(any);
  });

  it("has parameters that are decoded, and of many segments as they are", () => {
    expect(matchPath("/a/{x}/{+y}", "/a/1%2F2/b/c%20d")).toEqual({ x: "1/2", y: "b/c%20d" });
    expect(matchPath("/a.b/{x}", "/a-b/1")).toBeUndefined();
  });
});

describe("a check", () => {
  it("reads a form's text as what it is described as", () => {
    const base = {
      baseUrl: "https://{region}.example.com/",
      headers: { "X-Amz-Target": "Events.Put" },
    };
    const send = (n: string) => sentRequest(base, { method: "POST", path: "/", form: { n } });
    const check = new ContractCheck({ operations: [put], definitions });
    expect(check.exchange(send("7"), { status: 200 })).toEqual([]);
    expect(check.exchange(send("seven"), { status: 200 })).toMatchObject([{ at: "body /n" }]);
  });

  it("knows the members of an object that is sent as parameters", () => {
    const check = new ContractCheck({ operations: [list], definitions });
    const asked = { method: "GET", path: "/things/1", query: { "filter[name]": "x" } };
    expect(check.exchange(asked, { status: 200 })).toEqual([]);
    expect(
      check.exchange({ ...asked, query: { "fliter[name]": "x" } }, { status: 200 }),
    ).toMatchObject([{ at: "query fliter[name]" }]);
  });

  it("leaves out what an exception accounts for, counts it, and tells of one that is idle", () => {
    const reason = "documented on the vendor's page only";
    const exceptions: Exception[] = [
      { method: "GET", path: "/others/{id}", at: "", reason },
      { method: "GET", path: "/things/{id}", at: "query page", reason },
      { method: "GET", path: "/things/{id}", at: "query size", reason },
    ];
    const check = new ContractCheck({ operations: [list], definitions }, exceptions);
    const asked = { method: "GET", path: "/others/1", query: {} };
    expect(check.exchange(asked, { status: 200 })).toEqual([]);
    const paged = { ...asked, path: "/things/1", query: { page: "2" } };
    expect(check.exchange(paged, { status: 200 })).toEqual([]);
    expect(check.counts).toEqual({ requests: 2, responses: 2, operations: 1, excused: 2 });
    expect(check.idleExceptions()).toEqual([exceptions[2]]);
  });
});
