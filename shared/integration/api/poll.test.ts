import { scriptedApi } from "#shared/testing";
import { expect, it } from "vitest";
import * as z from "zod";
import { path } from "../path.ts";
import { poll } from "./poll.ts";

const response = z.object({ done: z.boolean() });
const call = { method: "GET", path: path`/operations/${1}`, response } as const;
const done = (state: z.output<typeof response>): boolean => state.done;
const pending = { json: { done: false } };
const finished = { json: { done: true } };

it("waits longer after each look until the operation is done", async () => {
  const { api, sent, clock } = scriptedApi([pending, pending, pending, finished]);
  const startMs = clock.now();
  expect(await poll(api, call, { done })).toEqual({ done: true, state: { done: true } });
  expect(sent).toHaveLength(4);
  expect(clock.now() - startMs).toBe(500 + 1_000 + 2_000);
});

it("waits as long as the vendor asks", async () => {
  const { api, clock } = scriptedApi([{ ...pending, headers: { "retry-after": "7" } }, finished]);
  const startMs = clock.now();
  await poll(api, call, { done });
  expect(clock.now() - startMs).toBe(7_000);
});

it("gives up while there is time to say so", async () => {
  const { api, sent, clock } = scriptedApi([pending]);
  const startMs = clock.now();
  expect(await poll(api, call, { done })).toEqual({ done: false, state: { done: false } });
  expect(clock.now() - startMs).toBeLessThanOrEqual(27_000);
  expect(sent.length).toBeLessThan(8);
  const asked = scriptedApi([{ ...pending, headers: { "retry-after": "60" } }]);
  expect(await poll(asked.api, call, { done })).toMatchObject({ done: false });
  expect(asked.sent).toHaveLength(1);
});

it("looks once if it is not to wait, and stops with the invocation", async () => {
  const once = scriptedApi([pending]);
  expect(await poll(once.api, call, { done, maxWaitMs: 0 })).toMatchObject({ done: false });
  expect(once.sent).toHaveLength(1);
  const signal = AbortSignal.abort(new Error("over"));
  const { api } = scriptedApi([pending], { signal });
  await expect(poll(api, call, { done })).rejects.toThrow("over");
});

it("may go by the status alone", async () => {
  const { api, sent } = scriptedApi([{ status: 202 }, { status: 202 }, { status: 204 }]);
  const empty = { ...call, response: z.undefined() } as const;
  const answer = await poll(api, empty, { done: (_, status) => status !== 202 });
  expect([answer.done, sent.length]).toEqual([true, 3]);
});
