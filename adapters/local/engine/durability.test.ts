import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, it } from "vitest";
import { systemClock } from "../system.ts";
import { openEngine } from "./engine.ts";

const KILLS = 10;
const folder = mkdtempSync(join(tmpdir(), "auterity-"));
const path = join(folder, "engine.db");

afterAll(() => rmSync(folder, { recursive: true }));

it(`has every acknowledged write after each of ${KILLS} kills`, async () => {
  const acked: number[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const before = acked.length;
    acked.push(...(await writeUntilKilled(kill * 10_000_000, 20 + kill * 37)));
    expect(acked.length).toBeGreaterThan(before);
    expect(await missing(acked)).toEqual([]);
  }
});

/** Runs the writing process, kills it after so many acknowledgements and gives all that it printed. */
async function writeUntilKilled(first: number, acks: number): Promise<number[]> {
  const child = fork(new URL("durability-child.ts", import.meta.url), {
    execArgv: [],
    env: { ...process.env, AUTERITY_TEST_DATABASE: path, AUTERITY_TEST_FIRST: String(first) },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (child.stdout === null) throw new Error("the child has no output to read");
  const printed: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(Number(line));
    if (printed.length === acks) child.kill("SIGKILL");
  }
  return printed;
}

/** Numbers whose row or message is not there. */
async function missing(acked: readonly number[]): Promise<number[]> {
  const engine = openEngine({ path, clock: systemClock });
  await engine.releaseAll();
  const messages = await engine.lease("acks", 1_000_000, 60);
  const bodies = new Set(messages.map(({ body }) => body));
  const range = { store: "acks", partition: "p", from: "", to: undefined, after: undefined };
  const rows = await engine.state.list({ ...range, limit: 1e6, descending: false }, undefined);
  const stored = new Set(rows.map(({ data }) => data));
  await engine.close();
  return acked.filter((number) => !bodies.has(String(number)) || !stored.has(String(number)));
}
