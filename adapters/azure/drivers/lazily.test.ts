import { lazily } from "#shared/function";
import { expect, it } from "vitest";

it("runs once for all, but never keeps a failure", async () => {
  let runs = 0;
  const get = lazily(async () => {
    runs += 1;
    if (runs === 1) throw new Error("not yet");
    return runs;
  });
  expect(runs).toBe(0);
  const first = await Promise.allSettled([get(), get()]);
  expect(first.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await Promise.all([get(), get(), get()])).toEqual([2, 2, 2]);
});
