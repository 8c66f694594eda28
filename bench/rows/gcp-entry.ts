import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { median } from "../measure.ts";
import { type Row, timedRow } from "../report.ts";
import { body, checkAnswer, headers, path } from "../task.ts";

type Served = { readonly name: string; readonly child: ChildProcess; readonly url: string };

const ROUNDS = 31;
const CALLS = 500;

/** Requests over real connections; counted is the processor time of the serving process alone. */
export async function gcpEntry(): Promise<Row> {
  const served = [
    await serve("auterity", "auterity, Google entry"),
    await serve("bare", "bare functions-framework"),
  ];
  try {
    const timings = served.map(({ name }) => ({ name, rounds: [] as number[] }));
    for (const { url } of served) await load(url, 12 * CALLS);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, one] of served.entries())
        timings[index]?.rounds.push(await timeRound(one));
    }
    const measured = timings.map((timing) => ({ ...timing, median: median(timing.rounds) }));
    return timedRow("gcp-entry", "Google entry, real Functions Framework", "µs", measured, {
      "bare functions-framework": 1.1,
    });
  } finally {
    for (const { child } of served) child.disconnect();
  }
}

async function serve(which: string, name: string): Promise<Served> {
  const script = fileURLToPath(new URL("../contenders/serve-gcp.ts", import.meta.url));
  const child = fork(script, [which]);
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  const url = `http://127.0.0.1:${port}${path}`;
  const response = await fetch(url, { method: "POST", headers: sent, body });
  const type = response.headers.get("content-type") ?? "";
  checkAnswer(name, { status: response.status, type, body: await response.text() });
  return { name, child, url };
}

async function timeRound({ child, url }: Served): Promise<number> {
  const before = await usedUs(child);
  await load(url, CALLS);
  return ((await usedUs(child)) - before) / CALLS;
}

async function usedUs(child: ChildProcess): Promise<number> {
  child.send("usage");
  const [{ user, system }] = (await once(child, "message")) as [NodeJS.CpuUsage];
  return user + system;
}

async function load(url: string, amount: number): Promise<void> {
  const { "2xx": ok } = await autocannon({
    url,
    method: "POST",
    headers: sent,
    body,
    connections: 8,
    amount,
  });
  if (ok !== amount) throw new Error(`${url} answered ${ok} of ${amount}`);
}

// The connection's own headers are the client's to set.
const { host: _host, "content-length": _length, "accept-encoding": _encoding, ...sent } = headers;
