import { describe, expect, it } from "vitest";
import { isContents, readPackages } from "./packages.ts";
import { countOpen, Findings, isOtherScan, isScan, isVex } from "./vulnerabilities.ts";

const SCAN = "https://in-toto.io/attestation/vulns/v0.1";
const VEX = "https://openvex.dev/ns/v0.2.0";

function scan(...result: unknown[]): unknown {
  return { scanner: { uri: "https://scanner.example", result } };
}

function levelOf(...scores: (string | number)[]): string | undefined {
  const findings = new Findings();
  const severity = scores.map((score) => ({ method: "m", score }));
  findings.add(SCAN, scan({ id: "CVE-1", severity }));
  return findings.list()[0]?.level;
}

describe("a level", () => {
  it.each([
    ["9.0", "critical"],
    ["8.9", "high"],
    ["7.0", "high"],
    ["6.9", "medium"],
    ["4.0", "medium"],
    ["3.9", "low"],
    ["0.1", "low"],
    ["0", "none"],
    ["11", "unknown"],
    ["-1", "unknown"],
    ["Critical", "critical"],
    [" IMPORTANT ", "high"],
    ["moderate", "medium"],
    ["negligible", "low"],
    ["constructor", "unknown"],
    ["CVSS:3.1/AV:N/AC:L", "unknown"],
  ])("of %s is %s", (score, level) => {
    expect(levelOf(score)).toBe(level);
  });

  it("is the worst of all methods, and unknown where there is none", () => {
    expect([levelOf("low", 7.5, "?"), levelOf("none", "?"), levelOf()]).toEqual([
      "high",
      "none",
      "unknown",
    ]);
  });
});

describe("what was said about an image", () => {
  it("is put together, the worst first, and counted without what does no harm", () => {
    const findings = new Findings();
    const severity = [{ method: "nvd", score: "9.8" }];
    expect([
      findings.add(SCAN, scan({ id: "CVE-2", severity }, { id: "CVE-1", severity })),
      findings.add(SCAN, scan({ vulnerability: { id: "CVE-3", severity: [] } })),
      findings.add(VEX, {
        statements: [
          { vulnerability: "CVE-1", status: "under_investigation" },
          { vulnerability: { name: "CVE-2" }, status: "affected" },
          { vulnerability: { name: "CVE-2" }, status: "fixed" },
          { vulnerability: { name: "CVE-9" }, status: "affected" },
        ],
      }),
    ]).toEqual([true, true, true]);
    const all = findings.list();
    expect(all.map(({ id, level, status }) => [id, level, status])).toEqual([
      ["CVE-1", "critical", "under_investigation"],
      ["CVE-2", "critical", "fixed"],
      ["CVE-3", "unknown", null],
    ]);
    expect(countOpen(all)).toMatchObject({ critical: 1, unknown: 1, high: 0 });
  });

  it("is not taken from statements that are none", () => {
    const findings = new Findings();
    expect([
      findings.add(SCAN, { scanner: {} }),
      findings.add(SCAN, undefined),
      findings.add(VEX, { statements: [{ vulnerability: "CVE-1", status: "fine" }] }),
    ]).toEqual([false, false, false]);
    expect([findings.scans, findings.list()]).toEqual([[], []]);
  });
});

it("statements are known by their type, not by a beginning of it", () => {
  expect([SCAN, "https://in-toto.io/attestation/vulnsx"].map(isScan)).toEqual([true, false]);
  expect([VEX, "https://openvex.dev/nsx"].map(isVex)).toEqual([true, false]);
  expect(
    ["https://scout.docker.com/vulnerabilities/v0.1", "https://scout.docker.com/sbom/v0.1"].map(
      isOtherScan,
    ),
  ).toEqual([true, false]);
  expect(
    ["https://spdx.dev/Document", "https://cyclonedx.org/bom/v1.6", "https://spdx.dev/Other"].map(
      isContents,
    ),
  ).toEqual([true, true, false]);
});

it("packages are read from CycloneDX, too, and from nothing else", () => {
  const licenses = [{ license: { id: "MIT" } }, { expression: "Apache-2.0 OR ISC" }];
  const components = [{ name: "a", version: "1", purl: "pkg:npm/a@1", licenses }, { name: "b" }];
  expect(readPackages({ components })).toEqual([
    { name: "a", version: "1", purl: "pkg:npm/a@1", license: "MIT AND Apache-2.0 OR ISC" },
    { name: "b", version: null, purl: null, license: null },
  ]);
  expect(readPackages({ anything: [] })).toBeUndefined();
});
