import { expect, it } from "vitest";
import { lazyClient } from "./aws-client.ts";

it("makes one client for all who ask at once, and tries again after a failure", async () => {
  let made = 0;
  const lazy = lazyClient(async () => {
    made += 1;
    if (made === 1) throw new Error("no network yet");
    return { client: { destroy() {} }, made };
  });
  const both = await Promise.allSettled([lazy.get(), lazy.get()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await Promise.all([lazy.get(), lazy.get()])).toMatchObject([{ made: 2 }, { made: 2 }]);
});

it("closes the client that was made, and makes none to close it", async () => {
  const destroyed: number[] = [];
  let made = 0;
  const lazy = lazyClient(async () => {
    made += 1;
    const own = made;
    return { client: { destroy: () => void destroyed.push(own) } };
  });
  await lazy.close();
  expect(made).toBe(0);
  await lazy.get();
  await lazy.close();
  await lazy.close();
  expect(destroyed).toEqual([1]);
});
