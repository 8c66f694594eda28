import { describe, expect, it } from "vitest";
import type { VendorHttp } from "../define-integration.ts";
import { path } from "../path.ts";
import { issuedUrl, type Place, urlOf } from "./address.ts";
import type { ApiTarget } from "./call.ts";

const http: VendorHttp = {
  baseUrl: "https://api.example.com/v2/",
  hosts: {
    regional: { baseUrl: "https://{region}-jobs.example.com/v1/projects/{project}" },
    files: { baseUrl: "https://files.example.com/up", auth: "none" },
    buckets: { baseUrl: "https://{bucket}.store.example.com", auth: "none" },
  },
};
const vendor: Place = { http, baseUrl: http.baseUrl, own: false, config: { region: "eu-west-1" } };
const stand: Place = { ...vendor, baseUrl: "http://127.0.0.1:4000/acme", own: true };
const to = (place: Place, call: Partial<ApiTarget>): string =>
  urlOf(place, { method: "GET", path: path`/a/${"b c"}`, ...call }).href;
const issued = (host: string, url: string, place = vendor): string =>
  to(place, { host, path: issuedUrl(url) });
const job = { host: "regional", at: { project: "p/1" } };

describe("where a request goes", () => {
  it("is the vendor's base url, another host of it, or what stands in for both", () => {
    expect(to(vendor, {})).toBe("https://api.example.com/v2/a/b%20c");
    expect(to(stand, {})).toBe("http://127.0.0.1:4000/acme/a/b%20c");
    const regional = "eu-west-1-jobs.example.com/v1/projects/p%2F1/a/b%20c";
    expect(to(vendor, job)).toBe(`https://${regional}`);
    expect(to(stand, job)).toBe(`http://127.0.0.1:4000/acme/~${regional}`);
  });

  it("is what the call says before what the connection says", () => {
    const at = { project: "p", region: "us-east-2" };
    expect(to(vendor, { host: "regional", at })).toContain("https://us-east-2-jobs.example.com/");
  });

  it.each([
    "evil.example/",
    "evil.example#",
    "a.b",
    "",
    "-a",
    "a-",
    "A",
    "a_b",
    "a@b",
    "a:1",
    "ü",
    "a".repeat(64),
    "%2e",
    "..",
  ])("is never another host: %j is no label", (region) => {
    const at = { project: "p", region };
    expect(() => to(vendor, { host: "regional", at })).toThrow(
      expect.objectContaining({ code: "invalid_argument", origin: "caller" }),
    );
  });

  it("is refused where a value is missing, leaves its segment, or the host is not declared", () => {
    expect(() => to(vendor, { host: "regional" })).toThrow('"project" is not set');
    expect(() => to(vendor, { host: "regional", at: { project: ".." } })).toThrow("path parameter");
    expect(() => to(vendor, { host: "constructor" })).toThrow("not among http.hosts");
  });
});

describe("a url that the vendor gave out", () => {
  it("is called with its query, below the host that is declared for it", () => {
    const url = "https://files.example.com/up/7?sig=a%2Bb";
    expect(issued("files", `${url}#x`)).toBe(url);
    expect(issued("files", url, stand)).toBe(
      "http://127.0.0.1:4000/acme/~files.example.com/up/7?sig=a%2Bb",
    );
    expect(issued("buckets", "https://b-1.store.example.com/k")).toBe(
      "https://b-1.store.example.com/k",
    );
  });

  it.each([
    ["files", "http://files.example.com/up/7"],
    ["files", "https://files.example.com/upper"],
    ["files", "https://files.example.com/up/../admin"],
    ["files", "https://files.example.com:444/up/7"],
    ["files", "https://files.example.com.evil.example/up/7"],
    ["files", "https://me@files.example.com/up/7"],
    ["files", "https://filesXexample.com/up/7"],
    ["files", "//files.example.com/up/7"],
    ["files", "no url"],
    ["buckets", "https://a.b.store.example.com/k"],
    ["buckets", "https://evil.example/?.store.example.com/k"],
    ["buckets", "https://.store.example.com/k"],
  ])("is refused for %s: %s", (host, url) => {
    for (const place of [vendor, stand]) {
      expect(() => issued(host, url, place)).toThrow(
        expect.objectContaining({ code: "permission_denied", origin: "upstream" }),
      );
    }
  });
});
