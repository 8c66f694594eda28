import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { call as callProduct } from "../demo/product-client.ts";
import { eventually, type RunningProduct, startForTest } from "./running-product.ts";

const CANARY = "canary-0b7e-secret";
const message = { channel: "C0123456789", text: `hello ${CANARY}` };
const Token = z.object({ token: z.string() });

let product: RunningProduct;
const clients: Client[] = [];

beforeAll(async () => {
  product = await startForTest("embedded");
}, 60_000);

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await product.stop();
});

async function permit(agent: string, policy: object): Promise<string> {
  const body = JSON.stringify(policy);
  const { json } = await product.call("PUT", `/v1/agents/permissions/${agent}`, { body });
  return Token.parse(json).token;
}

async function connect(token: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  const url = new URL("/mcp", product.client.url);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  clients.push(client);
  return client;
}

async function use(client: Client, name: string, input: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: input });
  const block = result.content?.[0];
  const json: unknown = block?.type === "text" ? JSON.parse(block.text) : undefined;
  return { failed: result.isError === true, json: z.looseObject({}).parse(json) };
}

async function auditOf(agent: string) {
  const { json } = await product.call("GET", `/v1/agents/audit/${agent}`);
  return z.object({ items: z.array(z.looseObject({})) }).parse(json).items;
}

const toolsOf = async (client: Client): Promise<string[]> =>
  (await client.listTools()).tools.map(({ name }) => name);

describe("an agent's client", () => {
  it("sees and calls what it may read, and nothing else", async () => {
    const reader = await connect(await permit("reader", { tools: ["slack.*"], callsPerDay: 2 }));
    const names = await toolsOf(reader);
    expect(names).toEqual(
      expect.arrayContaining(["slack__auth-test", "agent-tools__get-approval"]),
    );
    for (const name of names) expect(name).toMatch(/^(?:slack|agent-tools)__/);
    expect(names).not.toContain("slack__post-message");
    expect(await use(reader, "slack__auth-test")).toMatchObject({ failed: false });
    for (const [name, code] of [
      ["slack__post-message", "permission_denied"],
      ["docker-hub__list-tags", "permission_denied"],
      ["slack__nothing", "not_found"],
    ] as const) {
      expect(await use(reader, name, message)).toMatchObject({ failed: true, json: { code } });
    }
    await use(reader, "slack__auth-test");
    const usedUp = await use(reader, "slack__auth-test");
    expect(usedUp).toMatchObject({ failed: true, json: { code: "resource_exhausted" } });
    const rows = await auditOf("reader");
    expect(rows.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["denied", "calls-used-up"],
      ["ok", null],
      ["denied", "not-granted"],
      ["denied", "read-only"],
      ["ok", null],
    ]);
    expect(rows[1]).toMatchObject({ tool: "slack.auth-test", costUsd: expect.any(Number) });
    const { json } = await product.call("GET", "/v1/runs?limit=100");
    expect(JSON.stringify(json)).toContain(String(rows[1]?.["run"]));
  });

  it("has its write run after another's approval, and reads the answer", async () => {
    const policy = { tools: ["slack.post-message"], readOnly: false, approve: ["slack.*"] };
    const [writer, other] = await Promise.all([
      permit("writer", policy).then(connect),
      permit("other", policy).then(connect),
    ]);
    const asked = await use(writer, "slack__post-message", message);
    expect(asked).toMatchObject({ failed: false, json: { status: "pending" } });
    const id = String(asked.json["approvalId"]);
    const look = (client: Client) => use(client, "agent-tools__get-approval", { id });
    expect((await look(writer)).json).toMatchObject({ status: "pending" });
    expect(await look(other)).toMatchObject({ failed: true, json: { code: "not_found" } });
    const shown = await product.call("GET", `/v1/agents/approvals/${id}`);
    expect(shown.json).toMatchObject({ agent: "writer", input: message });
    for (const _time of ["once", "twice"]) {
      expect((await product.call("POST", `/v1/agents/approvals/${id}/approve`)).status).toBe(200);
    }
    const done = await eventually(async () => {
      const { json } = await look(writer);
      return json["status"] === "done" ? json : undefined;
    });
    expect(done).toMatchObject({ tool: "slack.post-message", result: { ts: expect.any(String) } });
    const { json } = await product.call("GET", "/v1/runs?limit=200");
    const { items } = z.object({ items: z.array(z.looseObject({})) }).parse(json);
    const posted = items.filter(({ operation }) => String(operation).endsWith("/post-message"));
    expect(posted).toHaveLength(1);
    const audit = await auditOf("writer");
    expect(audit.map(({ outcome, who }) => [outcome, who])).toEqual([
      ["ok", "writer"],
      ["approved", "local"],
      ["pending", "writer"],
    ]);
    const list = await product.call("GET", "/v1/agents/approvals");
    expect(JSON.stringify([audit, list.json, product.logs, items])).not.toContain(CANARY);
  }, 60_000);

  it("is told of a refusal", async () => {
    const policy = { tools: ["slack.*"], readOnly: false, approve: ["slack.*"] };
    const client = await connect(await permit("refused", policy));
    const id = String((await use(client, "slack__post-message", message)).json["approvalId"]);
    await product.call("POST", `/v1/agents/approvals/${id}/refuse`);
    const { json } = await use(client, "agent-tools__get-approval", { id });
    expect(json).toMatchObject({ status: "refused", decidedBy: "local" });
    expect((await product.call("POST", `/v1/agents/approvals/${id}/approve`)).status).toBe(412);
  });

  it("has a token that opens nothing but this, until it is taken back", async () => {
    const token = await permit("guest", { tools: ["slack.*"], readOnly: false });
    const guest = await connect(token);
    const { items } = z
      .object({ items: z.array(z.looseObject({})) })
      .parse((await product.call("GET", "/v1/agents/permissions")).json);
    expect(items.map(({ agent }) => agent)).toContain("guest");
    const asGuest = { ...product.client, token };
    for (const [method, path] of [
      ["POST", "/v1/integrations/slack/actions/auth-test"],
      ["PUT", "/v1/agents/permissions/guest"],
      ["GET", "/v1/agents/approvals"],
      ["GET", "/v1/runs"],
    ] as const) {
      const init = method === "GET" ? {} : { body: "{}" };
      expect((await callProduct(asGuest, method, path, init)).status).toBe(401);
    }
    expect((await use(guest, "slack__post-message", message)).failed).toBe(false);
    await product.call("DELETE", "/v1/agents/permissions/guest");
    await expect(guest.listTools()).rejects.toThrow(/401|bearer|Unauthorized/i);
    await expect(connect(`${token.slice(0, -1)}_`)).rejects.toThrow(/401|bearer|Unauthorized/i);
  });
});
