import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import examples from "@octokit/webhooks-examples" with { type: "json" };
import { isUp } from "../../scripts/demo/product-client.ts";
import type { Figure, Row } from "../report.ts";

const PORT = 4460;
const SECRET = "a-webhook-secret-of-the-bench";
const SECONDS = 8;
const CONNECTIONS = 32;
const url = `http://127.0.0.1:${PORT}`;
const start = fileURLToPath(new URL("../../scripts/start.ts", import.meta.url));

/**
 * The whole path on one machine: gateway → host → verify → two durable writes → 202. The event is a real `star`
 * payload, to which nothing subscribes, so that what is measured is the path and not the work behind it.
 */
export async function localPath(): Promise<Row> {
  const data = mkdtempSync(join(tmpdir(), "auterity-bench-"));
  const product = spawn(process.execPath, [start, "--quiet", "--port", String(PORT)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env["PATH"],
      AUTERITY_DATA: data,
      AUTERITY_SECRET_GITHUB_ACTIONS_WEBHOOK_SECRET: SECRET,
    },
  });
  const gone = once(product, "exit");
  try {
    if (!(await isUp(url, 60_000))) throw new Error("the product did not come up");
    const figures: Figure[] = [];
    for (const runtime of ["aws", "azure", "gcp"]) {
      await fire(runtime, 3);
      figures.push(...report(runtime, await fire(runtime, SECONDS)));
    }
    return {
      id: "local-path",
      title: `Local path: signed webhook to 202 after durable writes (${CONNECTIONS} connections)`,
      figures,
      notes: ["load generator, gateway and host share the machine's cores"],
    };
  } finally {
    product.kill("SIGINT");
    await gone;
    rmSync(data, { recursive: true, force: true });
  }
}

const body = JSON.stringify(examples.find(({ name }) => name === "star")?.examples[0]);
const signature = `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;

function fire(runtime: string, seconds: number): Promise<autocannon.Result> {
  return autocannon({
    url: `${url}/v1/webhooks/github-actions/default`,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        method: "POST",
        body,
        setupRequest: (request) => ({
          ...request,
          headers: {
            "content-type": "application/json",
            "x-auterity-target": runtime,
            "x-github-event": "star",
            // Every one is new: a repeat would take a shorter path.
            "x-github-delivery": randomUUID(),
            "x-hub-signature-256": signature,
          },
        }),
      },
    ],
  });
}

function report(runtime: string, result: autocannon.Result): Figure[] {
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${runtime}: ${result.non2xx} refused, ${result.errors} failed`);
  }
  const perSecond = result.requests.average;
  return [
    {
      name: `${runtime}, accepted`,
      value: perSecond,
      unit: "req/s",
      target: "≥ 1000",
      met: perSecond >= 1000,
    },
    {
      name: `${runtime}, p99`,
      value: result.latency.p99,
      unit: "ms",
      target: "< 500",
      met: result.latency.p99 < 500,
    },
  ];
}
