import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import type { Engines } from "../build/entry-ports.ts";
import { type Answer, call, type ProductClient } from "../demo/product-client.ts";
import { start } from "../start.ts";

export const RUNTIMES = ["aws", "azure", "gcp"];
const SECRET = "a-webhook-secret-of-the-tests";

type Init = { readonly headers?: Record<string, string>; readonly body?: string };

/** The whole product as it runs for a test, and what its functions logged. */
export type RunningProduct = {
  readonly client: ProductClient;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  call(method: string, path: string, init?: Init): Promise<Answer>;
  /** A push to the main branch, as GitHub sends and signs it. */
  push(commit: string, delivery: string): Required<Init>;
  runsOf(event: string): Promise<readonly SeenRun[]>;
  /** Fires a slot of a schedule on one runtime, as its own scheduler would. */
  fire(schedule: string, slotMs: number, runtime: string): Promise<void>;
  stop(): Promise<void>;
};

const SeenRun = z.object({
  function: z.string(),
  runtime: z.string(),
  status: z.string(),
  traceparent: z.string(),
});
type SeenRun = z.infer<typeof SeenRun>;

/** Starts the product from what is built, on a free port and fresh data; resolves when all hosts are up. */
export async function startForTest(engines: Engines): Promise<RunningProduct> {
  const folder = mkdtempSync(join(tmpdir(), "auterity-e2e-"));
  const logs: Record<string, unknown>[] = [];
  const product = await start({
    port: 0,
    host: "127.0.0.1",
    as: undefined,
    engines,
    onLog: (_runtime, line) => {
      if (line.startsWith("{")) logs.push(JSON.parse(line));
    },
    env: {
      PATH: process.env["PATH"],
      AUTERITY_DATA: folder,
      AUTERITY_PREBUILT: "1",
      AUTERITY_SECRET_GITHUB_ACTIONS_WEBHOOK_SECRET: SECRET,
    },
  });
  await product.ready;
  const client = { url: product.url, token: product.token };
  return {
    client,
    logs,
    call: (method, path, init = {}) => call(client, method, path, init),
    push,
    async runsOf(event) {
      const { json } = await call(client, "GET", `/v1/runs?event=${event}`);
      return z.object({ items: z.array(SeenRun) }).parse(json).items;
    },
    async fire(schedule, slotMs, runtime) {
      const fn = product.functions.find(({ name }) => name === schedule);
      if (fn === undefined) throw new Error(`there is no ${schedule}`);
      await product.fleet.schedule(fn, slotMs, slotMs, { runtime, reason: "pinned" });
    },
    async stop() {
      await product.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Looks again until there is something to see; throws when it does not come about in fifteen seconds. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 150; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error("it did not come about");
}

/** A commit that no other test has. */
export function newCommit(): string {
  return randomUUID().replaceAll("-", "").padEnd(40, "0");
}

function push(commit: string, delivery: string): Required<Init> {
  const body = JSON.stringify({
    ref: "refs/heads/main",
    before: "0".repeat(40),
    after: commit,
    repository: {
      id: 1,
      full_name: "acme/shop",
      name: "shop",
      html_url: "https://github.com/acme/shop",
      default_branch: "main",
    },
    head_commit: {
      id: commit,
      message: "Sell more",
      timestamp: "2026-11-21T09:00:00Z",
      url: `https://github.com/acme/shop/commit/${commit}`,
      author: { name: "Ada" },
    },
    commits: [],
    sender: { login: "ada" },
  });
  const signature = createHmac("sha256", SECRET).update(body).digest("hex");
  return {
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-github-delivery": delivery,
      "x-hub-signature-256": `sha256=${signature}`,
    },
  };
}
