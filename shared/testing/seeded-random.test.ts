import { expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";

it("repeats with its seed and gives well-formed version 4 ids", () => {
  const [first, second] = [seededRandom(7), seededRandom(7)];
  expect(first.uuid()).toBe(second.uuid());
  expect(first.uuid()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
