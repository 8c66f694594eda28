import { expect, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";

it("ends sleeps in the order of their times and moves the time with them", async () => {
  const clock = new FakeClock(0);
  const order: string[] = [];
  await Promise.all([
    clock.sleep(200).then(() => order.push(`late ${clock.now()}`)),
    clock.sleep(100).then(() => order.push(`early ${clock.now()}`)),
  ]);
  expect(order).toEqual(["early 100", "late 200"]);
});

it("rejects a sleep with the reason of its signal", async () => {
  const controller = new AbortController();
  const sleeping = new FakeClock(0).sleep(1_000, controller.signal);
  controller.abort(new Error("over"));
  await expect(sleeping).rejects.toThrow("over");
});
