import { scriptedApi } from "#shared/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ApiCall } from "./call.ts";
import { createKeptAnswers } from "./kept-answers.ts";
import { path } from "../path.ts";

const body = new Uint8Array();
const answer = (control: string, more = {}) => ({
  status: 200,
  headers: { "cache-control": control, ...more },
  body,
});

describe("kept answers", () => {
  it.each([
    ["max-age=60", {}, 59_999, 60_000],
    ["public, max-age=60, must-revalidate", {}, 59_999, 60_000],
    ["MAX-AGE=60", { age: "20" }, 39_999, 40_000],
    ["max-age=999999", {}, 99_999, 100_000],
  ])("are good as long as both sides say: %s %j", (control, more, good, over) => {
    const kept = createKeptAnswers();
    kept.keep("u", answer(control, more), 1_000);
    expect(kept.find("u", 100_000, 1_000 + good)).toBeDefined();
    expect(kept.find("u", 100_000, 1_000 + over)).toBeUndefined();
    expect(kept.find("v", 100_000, 1_000)).toBeUndefined();
  });

  it.each([
    ["", {}],
    ["max-age=60, no-store", {}],
    ["no-cache, max-age=60", {}],
    ["max-age=x", {}],
    ["s-max-age=60", {}],
    ["max-age=60", { age: "60" }],
  ])("are none that may not be kept: %s %j", (control, more) => {
    const kept = createKeptAnswers();
    kept.keep("u", answer(control, more), 0);
    expect(kept.find("u", 100_000, 0)).toBeUndefined();
    kept.keep("u", { ...answer("max-age=60"), status: 404 }, 0);
    expect(kept.find("u", 100_000, 0)).toBeUndefined();
  });

  it("are few", () => {
    const kept = createKeptAnswers();
    for (let number = 0; number < 100; number++) {
      kept.keep(String(number), answer("max-age=60"), 0);
    }
    expect(kept.find("0", 1_000, 0)).toBeUndefined();
    expect(kept.find("99", 1_000, 0)).toBeDefined();
  });
});

describe("a call that takes a kept answer", () => {
  const http = {
    baseUrl: "https://api.example.com",
    hosts: { open: { baseUrl: "https://open.example.com", auth: "none" } },
  } as const;
  const response = z.object({ n: z.int() });
  const open = {
    method: "GET",
    host: "open",
    path: path`/keys`,
    keptSeconds: 60,
    response,
  } as const;

  async function ask(...calls: readonly ApiCall<typeof response>[]): Promise<number> {
    const json = { json: { n: 1 }, headers: { "cache-control": "max-age=3600" } };
    const { api, sent, clock } = scriptedApi([json], { http, kept: createKeptAnswers() });
    for (const call of calls) {
      expect(await api.request(call)).toEqual({ n: 1 });
      clock.advance(30_000);
    }
    return sent.length;
  }

  it("asks once, and again for a fresher one", async () => {
    expect(await ask(open, open)).toBe(1);
    expect(await ask(open, { ...open, keptSeconds: 30 })).toBe(2);
    expect(await ask(open, open, open)).toBe(2);
  });

  it("asks each time for what credentials are sent with, or is no reading", async () => {
    const { host: _, ...own } = open;
    expect(await ask(own, own)).toBe(2);
    const { keptSeconds: __, ...plain } = open;
    expect(await ask(plain, plain)).toBe(2);
    expect(await ask({ ...open, method: "POST" }, { ...open, method: "POST" })).toBe(2);
    expect(await ask(open, { ...open, path: path`/other` })).toBe(2);
  });
});
