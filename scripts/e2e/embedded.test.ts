import { createPublicKey, randomUUID, verify } from "node:crypto";
import * as z from "zod";
import { systemClock, systemRandom } from "../../adapters/local/system.ts";
import { RouteClient } from "#shared/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call as callProduct, type ProductClient } from "../demo/product-client.ts";
import { deliveryConformance } from "./delivery.conformance.ts";
import { eventually, type RunningProduct, RUNTIMES, startForTest } from "./running-product.ts";

let product: RunningProduct;
let client: ProductClient;

beforeAll(async () => {
  product = await startForTest("embedded");
  client = product.client;
}, 60_000);

afterAll(() => product.stop());

const call: RunningProduct["call"] = (...request) => product.call(...request);

deliveryConformance("embedded", () => product);

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

  it("chooses a runtime where none is asked for, and tells why and what it cost", async () => {
    const before = await call("GET", "/v1/costs");
    const answer = await call("POST", "/v1/integrations/slack/actions/auth-test", { body: "{}" });
    const { json: run } = await call("GET", `/v1/runs/${answer.headers.get("x-auterity-run")}`);
    const runtime = answer.headers.get("x-auterity-runtime");
    expect(run).toMatchObject({
      runtime,
      receipt: { requests: 1 },
      decision: { reason: "cheapest" },
    });
    const { arms } = z
      .object({ arms: z.array(z.object({ runtime: z.string(), verdict: z.string() })) })
      .parse(run["decision"]);
    expect(arms.map((arm) => arm.runtime)).toEqual(RUNTIMES);
    const Total = z.object({ total: z.object({ calls: z.number(), usd: z.number() }) });
    const after = Total.parse((await call("GET", "/v1/costs")).json).total;
    const { calls, usd } = Total.parse(before.json).total;
    expect(after.calls).toBe(calls + 1);
    expect(after.usd).toBeCloseTo(usd + Number(run["costUsd"]), 12);
  });

  it("adds receipts up to the cost that it shows", async () => {
    const Runs = z.object({ items: z.array(z.object({ costUsd: z.number() })) });
    const { items } = Runs.parse((await call("GET", "/v1/runs?limit=500")).json);
    const shown = z
      .object({ total: z.object({ usd: z.number() }) })
      .parse((await call("GET", "/v1/costs")).json);
    expect(shown.total.usd).toBeCloseTo(
      items.reduce((sum, { costUsd }) => sum + costUsd, 0),
      9,
    );
  });

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

  it("can be called by the table, without asking the gateway where", async () => {
    const { json } = await call("GET", "/v1/routes");
    const routes = new RouteClient({
      gatewayUrl: client.url,
      token: client.token,
      publicKey: String(json["publicKey"]),
      fetch: (url, init) => fetch(url, init),
      clock: systemClock,
      random: systemRandom,
    });
    const answer = await routes.call({
      function: "integration-slack",
      method: "POST",
      path: "/v1/integrations/slack/actions/auth-test",
      body: "{}",
    });
    expect(answer.status).toBe(200);
    const run = await call("GET", `/v1/runs/${answer.headers.get("x-auterity-run")}`);
    expect(run.json["decision"]).toMatchObject({ reason: "pinned" });
  });

  it("lists what exists and says what does not", async () => {
    const { json } = await call("GET", "/v1/integrations");
    expect(json["items"]).toEqual(
      expect.arrayContaining(
        ["github-actions", "slack"].map((id) => expect.objectContaining({ id })),
      ),
    );
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

  it("has one store for all runtimes, and no cloud to give up", async () => {
    expect(await product.call("GET", "/v1/replication")).toMatchObject({ json: { items: [] } });
    const body = JSON.stringify({ lost: "aws" });
    const promoted = await product.call("POST", "/v1/replication/promote", { body });
    expect(promoted).toMatchObject({ status: 412 });
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
