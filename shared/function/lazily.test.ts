import { expect, it } from "vitest";
import { lazily } from "./lazily.ts";

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

it("gives what it made to be closed, and makes another for the next call", async () => {
  let runs = 0;
  const get = lazily(async () => ++runs);
  expect(await get.dismiss()).toBeUndefined();
  expect(await get()).toBe(1);
  expect(await get.dismiss()).toBe(1);
  expect(await get()).toBe(2);
});
