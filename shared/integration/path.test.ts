import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { path } from "./path.ts";

describe("path", () => {
  it.each([
    ["octo/org", "/repos/octo%2Forg/runs/7"],
    ["../user", "/repos/..%2Fuser/runs/7"],
    ["a?b=1#c", "/repos/a%3Fb%3D1%23c/runs/7"],
    ["a\\b", "/repos/a%5Cb/runs/7"],
    ["%2e%2e", "/repos/%252e%252e/runs/7"],
    ["...", "/repos/.../runs/7"],
    ["\r\nx: y", "/repos/%0D%0Ax%3A%20y/runs/7"],
  ])("encodes %j", (owner, expected) => {
    expect(path`/repos/${owner}/runs/${7}`.encoded).toBe(expected);
  });

  it.each(["", ".", "..", "\ud800"])("refuses %j", (owner) => {
    expect(() => path`/repos/${owner}`).toThrow("path parameter");
  });

  it("continues a path, and nothing that only looks like one", () => {
    const region = path`/projects/${"a/b"}/locations/${"eu"}`;
    expect(path`${region}/services/${"s/1"}`.encoded).toBe(
      "/projects/a%2Fb/locations/eu/services/s%2F1",
    );
    expect(path`/x${region}`.encoded).toBe("/x/projects/a%2Fb/locations/eu");
    expect(path`/${'{"encoded":"/y"}'}`.encoded).not.toContain("/y");
  });

  it("keeps every parameter within its segment, whatever a URL parser does", () => {
    const text = fc.string({ unit: "binary" }).filter((one) => !/^\.{0,2}$/.test(one));
    fc.assert(
      fc.property(text, text, (owner, repo) => {
        const { encoded } = path`/repos/${owner}/${repo}/runs`;
        const { pathname, search, hash } = new URL(`https://api.example.com${encoded}`);
        const segments = pathname.split("/").map(decodeURIComponent);
        expect([segments, search, hash]).toEqual([["", "repos", owner, repo, "runs"], "", ""]);
      }),
    );
  });
});
