import { expect, it } from "vitest";
import { cellsOf, type Outcome } from "./outcomes.ts";
import { collectRules, judge } from "./rules.ts";

const holds = async (): Promise<void> => {};
const breaks = async (): Promise<void> => {
  throw new Error("planned");
};

it("tells what came of a rule, and lets no exception outlive its reason", async () => {
  const [kept, broken] = collectRules((add) => {
    add("A01", "holds", holds);
    add("A02", "breaks", breaks);
  });
  if (kept === undefined || broken === undefined) throw new Error("no rules");
  expect(await judge(kept, undefined)).toEqual({ status: "pass" });
  expect(await judge(broken, undefined)).toMatchObject({ status: "fail", reason: "planned" });
  expect(await judge(broken, "a reason")).toEqual({ status: "declared", reason: "a reason" });
  expect(await judge(kept, "a reason")).toMatchObject({ status: "fail" });
  const atTimes = { status: "declared", reason: "at times: a reason" };
  expect(await judge(kept, { sometimes: "a reason" })).toEqual(atTimes);
  expect(await judge(broken, { sometimes: "a reason" })).toEqual(atTimes);
});

it("refuses two rules of one id", () => {
  expect(() =>
    collectRules((add) => {
      add("A01", "holds", holds);
      add("A01", "breaks", breaks);
    }),
  ).toThrow("A01");
});

it("makes a cell of every rule, of one that never ended too", () => {
  const rules = ["A01", "A02", "A03"].map((id) => ({ id, title: `about ${id}` }));
  const outcomes = new Map<string, Outcome>([
    ["A01", { status: "pass" }],
    ["A02", { status: "declared", reason: "the store cannot" }],
  ]);
  const cell = { port: "state", driver: "memory", engine: null };
  expect(cellsOf({ port: "state", driver: "memory" }, rules, outcomes)).toEqual([
    { ...cell, id: "A01", title: "about A01", status: "pass", reason: null },
    { ...cell, id: "A02", title: "about A02", status: "declared", reason: "the store cannot" },
    { ...cell, id: "A03", title: "about A03", status: "fail", reason: "did not end" },
  ]);
});
