import { describe, expect, it } from "vitest";
import { chosenSetting, requiredSetting } from "./settings.ts";

const read = (): string => chosenSetting({ STATE: "s3cret" }, "STATE", ["cosmos", "table"]);

describe("settings", () => {
  it("reads what is set", () => {
    expect(requiredSetting({ TABLE: "rows" }, "TABLE", "the table")).toBe("rows");
    expect(chosenSetting({ STATE: "table" }, "STATE", ["cosmos", "table"])).toBe("table");
    expect(chosenSetting({}, "STATE", ["cosmos", "table"])).toBe("cosmos");
  });

  it("names what is missing or unknown, and the way out, without the value", () => {
    for (const settings of [{}, { TABLE: "" }]) {
      expect(() => requiredSetting(settings, "TABLE", "the table")).toThrow(
        /TABLE is not set; it names the table/,
      );
    }
    expect(read).toThrow(/STATE .* use cosmos or table/);
    expect(read).not.toThrow(/s3cret/);
  });
});
