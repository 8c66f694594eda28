import { createHmac, createPublicKey, randomUUID, verify } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Product } from "../adapters/local/product.ts";
import * as z from "zod";
import { call as callProduct, type ProductClient } from "./demo/product-client.ts";
import { start } from "./start.ts";

const RUNTIMES = ["aws", "azure", "gcp"];
const SECRET = "a-webhook-secret-of-the-tests";
const folder = mkdtempSync(join(tmpdir(), "auterity-e2e-"));
const logs: Record<string, unknown>[] = [];
let product: Product;
let client: ProductClient;

beforeAll(async () => {
  const started = await start({
    port: 0,
    host: "127.0.0.1",
    as: undefined,
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
  product = started;
  client = { url: started.url, token: started.token };
  await started.ready;
}, 60_000);

afterAll(async () => {
  await product.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Init = { headers?: Record<string, string>; body?: string };
const call = (method: string, path: string, init: Init = {}) =>
  callProduct(client, method, path, init);

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

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 150; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error("it did not come about");
}

const Runs = z.object({
  items: z.array(
    z.object({
      function: z.string(),
      runtime: z.string(),
      status: z.string(),
      traceparent: z.string(),
    }),
  ),
});

async function runsOf(event: string): Promise<z.infer<typeof Runs>["items"]> {
  return Runs.parse((await call("GET", `/v1/runs?event=${event}`)).json).items;
}

describe("the running product", () => {
  it("says that all three hosts are up", async () => {
    const { status, json } = await call("GET", "/healthz");
    expect(status).toBe(200);
    expect(json).toEqual({ status: "ok", hosts: { aws: "up", azure: "up", gcp: "up" } });
  });

  it("wants a token for everything but health, webhooks and the page", async () => {
    const stranger = { ...client, token: "wrong" };
    for (const path of [
      "/v1/integrations",
      "/v1/runs",
      "/v1/functions",
      "/v1/routes",
      "/v1/events",
    ]) {
      const { status, headers } = await callProduct(stranger, "GET", path);
      expect(status, path).toBe(401);
      expect(headers.get("content-type")).toBe("application/problem+json");
    }
    expect((await callProduct(stranger, "GET", "/")).status).toBe(200);
    const action = "/v1/integrations/slack/actions/auth-test";
    expect((await callProduct(stranger, "POST", action, { body: "{}" })).status).toBe(401);
  });

  it("refuses to be called by another machine's name", async () => {
    // fetch does not let a Host header through, so the request is written by hand.
    const { request } = await import("node:http");
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: "attacker.example", authorization: `Bearer ${client.token}` };
      request(new URL("/v1/runs", client.url), { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it.each(RUNTIMES)("runs an action on %s from the sandbox and says so", async (runtime) => {
    const { status, headers, json } = await call(
      "POST",
      "/v1/integrations/slack/actions/post-message",
      {
        headers: { "x-auterity-target": runtime },
        body: JSON.stringify({ channel: "#general", text: "hello" }),
      },
    );
    expect(status).toBe(200);
    expect(json["ts"]).toMatch(/^\d+\.\d+$/);
    expect(headers.get("x-auterity-runtime")).toBe(runtime);
    expect(headers.get("x-auterity-sandbox")).toBe("true");
    expect(Number(headers.get("x-auterity-cost-usd"))).toBeGreaterThan(0);
    const run = await call("GET", `/v1/runs/${headers.get("x-auterity-run")}`);
    expect(run.json).toMatchObject({ function: "integration-slack", runtime, status: "ok" });
  });

  it("honours an idempotency key over all runtimes", async () => {
    const key = randomUUID();
    const post = (runtime: string, text: string) =>
      call("POST", "/v1/integrations/slack/actions/post-message", {
        headers: { "x-auterity-target": runtime, "idempotency-key": key },
        body: JSON.stringify({ channel: "#general", text }),
      });
    const first = await post("aws", "once");
    const second = await post("gcp", "once");
    expect(second.json).toEqual(first.json);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect((await post("azure", "something else")).status).toBe(422);
  });

  it("takes an action for later and answers with its run", async () => {
    const { status, json } = await call(
      "POST",
      "/v1/integrations/slack/actions/auth-test?mode=async",
      {
        body: "{}",
      },
    );
    expect(status).toBe(202);
    const run = await eventually(async () => {
      const found = await call("GET", `/v1/runs/${String(json["id"])}`);
      return found.json["status"] === "ok" ? found.json : undefined;
    });
    expect(run).toMatchObject({ function: "integration-slack", httpStatus: 200 });
  });

  it.each(RUNTIMES)(
    "carries one trace from %s's front door to the handler behind the queue",
    async (runtime) => {
      const delivery = randomUUID();
      const traceId = randomUUID().replaceAll("-", "");
      const { headers, body } = push(delivery.replaceAll("-", "").padEnd(40, "0"), delivery);
      const accepted = await call("POST", "/v1/webhooks/github-actions/default", {
        headers: {
          ...headers,
          traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
          "x-auterity-target": runtime,
        },
        body,
      });
      expect(accepted.status).toBe(202);
      expect(accepted.json).toMatchObject({ id: delivery });
      const runs = await eventually(async () => {
        const found = await runsOf(delivery);
        const ended = [
          "integration-github-actions",
          "pulse-fold",
          "pulse-publish",
          "integration-slack",
        ];
        return ended.every((name) =>
          found.some((run) => run.function === name && run.status === "ok"),
        )
          ? found
          : undefined;
      });
      expect(new Set(runs.map(({ traceparent }) => traceparent.slice(3, 35)))).toEqual(
        new Set([traceId]),
      );
      expect(new Set(runs.map((run) => run.runtime))).toEqual(new Set([runtime]));
      const spans = logs.filter((line) => line["trace_id"] === traceId);
      expect(new Set(spans.map((line) => line["function"]))).toEqual(
        new Set(["integration-github-actions", "pulse-fold", "pulse-publish", "integration-slack"]),
      );
      const common = [
        "level",
        "message",
        "timestamp",
        "service",
        "function",
        "runtime",
        "invocation",
        "tenant",
      ];
      for (const line of spans) expect(Object.keys(line)).toEqual(expect.arrayContaining(common));
    },
  );

  it("signs its route table", async () => {
    const { json } = await call("GET", "/v1/routes");
    const key = createPublicKey({
      key: Buffer.from(String(json["publicKey"]), "base64"),
      format: "der",
      type: "spki",
    });
    const payload = Buffer.from(String(json["payload"]));
    const signature = Buffer.from(String(json["signature"]), "base64");
    expect(verify(null, payload, key, signature)).toBe(true);
    expect(verify(null, Buffer.concat([payload, Buffer.from(" ")]), key, signature)).toBe(false);
    expect(JSON.parse(payload.toString())).toHaveProperty("functions");
  });

  it("lists what exists and says what does not", async () => {
    const { json } = await call("GET", "/v1/integrations");
    expect(json["items"]).toMatchObject([{ id: "github-actions" }, { id: "slack" }]);
    const slack = await call("GET", "/v1/integrations/slack");
    expect(slack.json["actions"]).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: "post-message", effect: "write" })]),
    );
    for (const path of ["/v1/integrations/nothing", "/v1/runs/nothing", "/v1/nothing"]) {
      const missing = await call("GET", path);
      expect(missing.status, path).toBe(404);
      expect(missing.json["code"]).toBe("not_found");
    }
    const pinned = { headers: { "x-auterity-target": "ibm" }, body: "{}" };
    expect((await call("POST", "/v1/integrations/slack/actions/auth-test", pinned)).status).toBe(
      400,
    );
  });

  it("streams what happens", async () => {
    const response = await fetch(new URL("/v1/events", client.url), {
      headers: { authorization: `Bearer ${client.token}` },
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    await call("POST", "/v1/integrations/slack/actions/auth-test", { body: "{}" });
    while (!seen.includes('"function":"integration-slack"'))
      seen += (await reader?.read())?.value ?? "";
    await reader?.cancel();
    expect(seen).toContain("event: health");
    expect(seen).toContain("event: run");
  });
});
