import { describe, expect, it } from "vitest";
import { type NameRule, physicalNames } from "./physical-names.ts";

const rule: NameRule = { what: "vault", minLength: 3, maxLength: 8, pattern: /^[a-z-]+$/ };

describe("names in a cloud", () => {
  it("are ours, made fit", () => {
    expect(physicalNames(rule, ["jobs"], (name) => `dev-${name}`)).toEqual(
      new Map([["jobs", "dev-jobs"]]),
    );
  });

  it("are refused when two of ours would be one", () => {
    expect(() => physicalNames(rule, ["one", "two"], () => "same")).toThrow(
      'vault "two" and "one" would both be "same"',
    );
  });

  it("are refused when they are too long, too short or of other characters", () => {
    expect(() => physicalNames(rule, ["much-too-long"], (name) => name)).toThrow("13 characters");
    expect(() => physicalNames(rule, ["ab"], (name) => name)).toThrow("2 characters");
    expect(() => physicalNames(rule, ["a_b"], (name) => name)).toThrow("does not match");
  });
});
