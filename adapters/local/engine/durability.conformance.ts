import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import type { Random } from "#shared/function";
import { writerEnvironment } from "./durability-writer.conformance.ts";
import { openEngine } from "./engine.ts";

export type KillPlan = {
  /** A database file that does not exist yet. */
  readonly path: string;
  readonly kills: number;
  /** Decides after how many acknowledgements each kill comes. */
  readonly random: Pick<Random, "next">;
  /** The process that writes. */
  readonly child: URL;
  readonly onKill?: (acknowledged: number) => void;
};

export type Survived = { readonly acknowledged: number; readonly lost: readonly number[] };

/** A kill comes after so many acknowledgements. */
const ACKS = { min: 20, max: 200 };
/** More than one process acknowledges in its life. */
const NUMBERS_PER_KILL = 10_000_000;
const clock = { now: () => Date.now() };

/** Kills writing processes with SIGKILL, one after the other on one database, and finds what was acknowledged and lost. */
export async function survive({ path, kills, random, child, onKill }: KillPlan): Promise<Survived> {
  const acknowledged: number[] = [];
  const lost = new Set<number>();
  for (let kill = 1; kill <= kills; kill += 1) {
    const acks = Math.floor(ACKS.min + random.next() * (ACKS.max - ACKS.min));
    const printed = await writeUntilKilled(child, path, kill * NUMBERS_PER_KILL, acks);
    if (printed.length === 0) throw new Error("a process acknowledged nothing");
    for (const number of await missingMessages(path, printed)) lost.add(number);
    acknowledged.push(...printed);
    onKill?.(acknowledged.length);
  }
  for (const number of await missingRows(path, acknowledged)) lost.add(number);
  return { acknowledged: acknowledged.length, lost: [...lost] };
}

/** Runs the writing process, kills it after so many acknowledgements and gives all that it printed. */
async function writeUntilKilled(
  script: URL,
  path: string,
  first: number,
  acks: number,
): Promise<number[]> {
  const child = fork(script, {
    execArgv: [],
    env: writerEnvironment(path, first),
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

/** Numbers whose message is not there. Takes all messages out, so that the next look is as quick. */
async function missingMessages(path: string, numbers: readonly number[]): Promise<number[]> {
  const engine = openEngine({ path, clock });
  await engine.releaseAll();
  const messages = await engine.lease("acks", 1_000_000, 60);
  await Promise.all(messages.map(({ handle }) => engine.settle(handle, "done")));
  await engine.close();
  const bodies = new Set(messages.map(({ body }) => body));
  return numbers.filter((number) => !bodies.has(String(number)));
}

/** Numbers whose row is not there. */
async function missingRows(path: string, numbers: readonly number[]): Promise<number[]> {
  const engine = openEngine({ path, clock });
  const range = { store: "acks", partition: "p", from: "", to: undefined, after: undefined };
  const rows = await engine.state.list({ ...range, limit: 1e7, descending: false }, undefined);
  await engine.close();
  const stored = new Set(rows.map(({ data }) => data));
  return numbers.filter((number) => !stored.has(String(number)));
}
