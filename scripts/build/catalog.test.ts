import template from "../../functions/integrations/_template/index.ts";
import { expect, it } from "vitest";
import { renderCatalog } from "./catalog.ts";

it("tells for an event by what it arrives", () => {
  const on = [
    { line: "both", events: ["a.b", "c"], how: "a queue" },
    { line: "events", events: ["a.b"] },
    { line: "how", how: "a schedule" },
  ];
  const integration = { ...template, catalog: { ...template.catalog, on } };
  const text = renderCatalog({ deployables: [], integrations: [integration] });
  expect(text.split("\n").filter((row) => row.startsWith("| on"))).toEqual([
    "| on | both | `a.b`, `c`; a queue |",
    "| on | events | `a.b` |",
    "| on | how | a schedule |",
  ]);
});
