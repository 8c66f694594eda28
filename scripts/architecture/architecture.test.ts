import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkArchitecture } from "./check.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

function readTree(): Map<string, string> {
  const tree = new Map<string, string>();
  for (const top of ["functions", "adapters", "shared", "console", "scripts"]) {
    const entries = readdirSync(join(root, top), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      // The checker's own tables and seeds are made of what it forbids.
      if (file.includes("scripts/architecture/")) continue;
      tree.set(file.slice(root.length), readFileSync(file, "utf8"));
    }
  }
  return tree;
}

const sound = readTree();

describe("architecture", () => {
  it("holds in this tree", () => {
    expect(checkArchitecture(sound)).toEqual([]);
  });
});

describe("architecture: one seeded defect of each kind is caught", () => {
  const slack = "functions/integrations/slack/index.ts";
  const long = Array.from({ length: 301 }, (_, line) => `export const line${line} = ${line};`);
  const seeds: readonly (readonly [string, string, string, RegExp])[] = [
    ["integration imports an adapter", slack, 'import "../../../adapters/aws/entry.ts";', /^arrow/],
    ["integration imports a sibling", slack, 'import "../github-actions/index.ts";', /^arrow/],
    ["adapter imports another", "adapters/aws/entry.ts", 'import "../gcp/entry.ts";', /^arrow/],
    [
      "shared imports a function",
      "shared/host/bind.ts",
      'import "../../functions/x.ts";',
      /^arrow/,
    ],
    ["shared imports an SDK", "shared/host/bind.ts", 'import "@azure/functions";', /^arrow/],
    ["console imports a port", "console/console.ts", 'import "#shared/state";', /^arrow/],
    ["named z import", slack, 'import { z } from "zod";', /^banned.*locale/],
    ["ambient time", slack, "const now = Date.now();", /^banned.*port/],
    ["environment in a function", slack, "const key = process.env.KEY;", /^banned.*port/],
    ["cloud branch", "shared/host/bind.ts", 'if (runtime === "aws") go();', /^banned.*data/],
    [
      "test parts in a product",
      slack,
      'import { FakeClock } from "#shared/testing";',
      /^banned.*stays in tests/,
    ],
    ["any", slack, "const x = y as any;", /^banned.*type it/],
    ["switched-off test", "shared/host/x.test.ts", 'it.skip("x", () => {});', /^banned.*run it/],
    ["star export", "shared/host/index.ts", 'export * from "./bind.ts";', /^banned.*public/],
    ["stray file in a unit", "functions/integrations/slack/notes.md", "x", /^shape/],
    ["vague name", "shared/host/utils.ts", "export {};", /^name/],
    ["long file", "shared/host/long.ts", long.join("\n"), /^size/],
  ];

  it("takes a word of the text for no import", () => {
    const file = "shared/http/index.ts";
    const text = `${sound.get(file) ?? ""}\nexport const places = { from: "from" };\nconst to = "x";`;
    expect(checkArchitecture(new Map(sound).set(file, text))).toEqual([]);
  });

  it.each(seeds)("%s", (_title, file, text, expected) => {
    const seeded = new Map(sound).set(file, `${sound.get(file) ?? ""}\n${text}\n`);
    expect(checkArchitecture(seeded).filter((line) => expected.test(line))).toHaveLength(1);
  });

  it("unit without its required file", () => {
    const seeded = new Map(sound);
    seeded.delete(slack);
    expect(checkArchitecture(seeded)).toContain(
      "shape: functions/integrations/slack lacks index.ts",
    );
  });

  it("cloud without a file the others have", () => {
    const seeded = new Map(sound);
    seeded.delete("adapters/gcp/prices.ts");
    expect(checkArchitecture(seeded)).toContain("shape: adapters/gcp lacks prices.ts");
  });
});
