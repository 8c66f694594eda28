import { expect, it } from "vitest";
import { ungranted } from "./ungranted.ts";

const calls = Object.entries(ungranted).flatMap(([port, driver]) =>
  Object.entries(driver)
    .filter(([name, value]) => typeof value === "function" && !["codeOf", "close"].includes(name))
    .map(([method, run]): [string, string, () => Promise<unknown>] => [port, method, run]),
);

it.each(calls)("%s.%s says which grant is missing", async (port, method, run) => {
  await expect(run()).rejects.toMatchObject({
    code: "permission_denied",
    message: expect.stringMatching(new RegExp(`^${port}\\.${method}: .+ kind "\\w+"; add one`)),
    details: { port },
  });
});

it("covers every method of every port, and closes like a driver", async () => {
  expect(calls).toHaveLength(14);
  await ungranted.state.close();
  expect(ungranted.queue.codeOf(new Error("any"))).toBe("permission_denied");
});
