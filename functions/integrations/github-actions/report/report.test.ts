import { callAction } from "../testing/call-action.ts";
import { place } from "../testing/call-action.ts";
import { isWelcome } from "./licence.ts";
import { describe, expect, it } from "vitest";

describe("a licence expression", () => {
  const deny = ["GPL-3.0-only", "AGPL-3.0-only"];
  it.each([
    ["MIT", { deny }, true],
    ["gpl-3.0-ONLY", { deny }, false],
    ["MIT OR GPL-3.0-only", { deny }, true],
    ["MIT AND GPL-3.0-only", { deny }, false],
    ["MIT AND (Apache-2.0 OR GPL-3.0-only)", { deny }, true],
    ["GPL-3.0-only OR AGPL-3.0-only AND MIT", { deny }, false],
    ["GPL-2.0-only WITH Classpath-exception-2.0", { allow: ["GPL-2.0-only"] }, true],
    ["MIT or Apache-2.0", { allow: ["Apache-2.0"] }, true],
    ["MIT", { allow: ["Apache-2.0"] }, false],
    ["MIT", { allow: ["MIT"], deny: ["MIT"] }, false],
    ["", {}, undefined],
    ["See LICENSE", {}, undefined],
    ["MIT,", {}, undefined],
    ["(MIT", {}, undefined],
    ["MIT)", {}, undefined],
    ["MIT OR", {}, undefined],
    ["MIT WITH", {}, undefined],
    ["(".repeat(100_000), {}, undefined],
  ])("%s under %j: %s", (expression, policy, expected) => {
    expect(isWelcome(expression, policy)).toBe(expected);
  });
});

const change = (severity: string, type = "added") => ({
  change_type: type,
  manifest: "m",
  ecosystem: "npm",
  name: "x",
  version: "1",
  license: null,
  vulnerabilities: [
    {
      severity,
      advisory_ghsa_id: "GHSA-1",
    },
  ],
});

const review = (changes: object[], more: object = {}) =>
  callAction("review-dependencies", { ...place, base: "a", head: "b", severity: "medium" }, [
    { json: changes, ...more },
    { json: [change("critical")] },
  ]);

describe("a review of dependencies", () => {
  it.each([
    ["moderate", false],
    ["critical", false],
    ["low", true],
    ["of a new kind", false],
  ])("with a vulnerability rated %s passes: %s", async (severity, passes) => {
    expect((await review([change(severity)])).body).toMatchObject({ passes });
  });

  it("takes moderate for medium", async () => {
    const given = { ...place, base: "a", head: "b", severity: "high" };
    const { body } = await callAction("review-dependencies", given, [
      { json: [change("moderate")] },
    ]);
    expect(body).toMatchObject({ passes: true });
  });

  it("does not hold what was removed against it", async () => {
    expect((await review([change("critical", "removed")])).body).toMatchObject({ passes: true });
  });

  it("reads all pages", async () => {
    const link = '<https://api.github.com/repositories/1/x?page=2>; rel="next"';
    const { body, asked } = await review([change("low")], { headers: { link } });
    expect([body, asked.length]).toMatchObject([{ passes: false, complete: true, added: 2 }, 2]);
  });
});

describe("a report of alerts", () => {
  it("tells what it could not read, and fails for any other reason", async () => {
    const hidden = { status: 403, json: { message: "Advanced Security must be enabled" } };
    const { body } = await callAction("report-security", place, [hidden, hidden, { json: [] }]);
    expect(body).toMatchObject({
      code: { readable: false, open: 0 },
      dependencies: { readable: false },
      secrets: { readable: true, open: 0, oldest: null },
    });
    const failed = await callAction("report-security", place, [{ status: 401 }]);
    expect(failed.body).toMatchObject({ code: "unauthenticated" });
  });
});
