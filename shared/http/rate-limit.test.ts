import { expect, it } from "vitest";
import { rateLimitResetMs, readRateBudget } from "./rate-limit.ts";

const nowMs = Date.UTC(2026, 10, 21, 12);
const nowSeconds = nowMs / 1000;

it.each<[Record<string, string>, number, number]>([
  [{ "x-ratelimit-remaining": "3", "x-ratelimit-reset": String(nowSeconds + 60) }, 3, 60_000],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(nowMs + 90_000) }, 0, 90_000],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "12" }, 0, 12_000],
  [
    {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(nowSeconds + 99),
      "x-ratelimit-reset-after": "1.25",
    },
    0,
    1_250,
  ],
  [{ "x-rate-limit-remaining": "1", "x-rate-limit-reset": String(nowSeconds - 5) }, 1, 0],
  [{ "ratelimit-remaining": "5", "ratelimit-reset": "7" }, 5, 7_000],
  [{ ratelimit: '"default";r=0;t=30' }, 0, 30_000],
  [{ ratelimit: "limit=100, remaining=50, reset=30" }, 50, 30_000],
  [
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(nowSeconds + 10 ** 6) },
    0,
    3_600_000,
  ],
  [
    {
      date: new Date(nowMs - 600_000).toUTCString(),
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(nowSeconds - 540),
    },
    0,
    60_000,
  ],
])("reads %j", (headers, remaining, resetMs) => {
  expect(readRateBudget(headers, nowMs)).toEqual({ remaining, resetMs });
  expect(rateLimitResetMs(headers, nowMs)).toBe(remaining === 0 ? resetMs : undefined);
});

it.each<Record<string, string>>([
  {},
  { "x-ratelimit-remaining": "0" },
  { "x-ratelimit-remaining": "none", "x-ratelimit-reset": "1" },
  { "x-ratelimit-remaining": "-1", "x-ratelimit-reset": "1" },
  { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e99" },
  { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9".repeat(40) },
  { ratelimit: '"default";rr=0;t=30' },
  { ratelimit: "garbage" },
])("makes nothing of %j", (headers) => {
  expect(readRateBudget(headers, nowMs)).toBeUndefined();
});
