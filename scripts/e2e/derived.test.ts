import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Fixture } from "#shared/integration";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { call as callProduct } from "../demo/product-client.ts";
import { type RunningProduct, startForTest } from "./running-product.ts";

const root = fileURLToPath(new URL("../../functions/integrations/", import.meta.url));

/** Every action of every integration, with the input of its fixture. */
const actions = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
  .flatMap(({ name: integration }) =>
    readdirSync(`${root}${integration}/fixtures`)
      .filter((file) => file !== "events.json")
      .map((file) => {
        const text = readFileSync(`${root}${integration}/fixtures/${file}`, "utf8");
        return {
          integration,
          action: file.replace(/\.json$/, ""),
          input: z.looseObject({}).parse(Fixture.parse(JSON.parse(text)).input),
        };
      }),
  );

let product: RunningProduct;
let mcp: Client;

beforeAll(async () => {
  product = await startForTest("embedded");
  mcp = await connect(product.client.token);
}, 60_000);

afterAll(async () => {
  await mcp.close();
  await product.stop();
});

async function connect(token: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  const url = new URL("/mcp", product.client.url);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  return client;
}

describe.each(actions)("$integration.$action", ({ integration, action, input }) => {
  const path = `/v1/integrations/${integration}/actions/${action}`;

  it("runs in the sandbox over HTTP and as a tool", async () => {
    const body = JSON.stringify(input);
    const { status, headers, json } = await product.call("POST", path, { body });
    expect([status, json]).toEqual([200, expect.anything()]);
    expect(headers.get("x-auterity-sandbox")).toBe("true");
    const name = `${integration}__${action}`;
    const result = await mcp.callTool({ name, arguments: input });
    expect([name, result.isError ?? false, result.content]).toMatchObject([
      name,
      false,
      [{ type: "text" }],
    ]);
  });

  it("is described", async () => {
    const { json } = await product.call("GET", "/openapi.json");
    expect(json).toHaveProperty(["paths", path, "post", "requestBody", "content"]);
  });
});

describe("the OpenAPI description", () => {
  it("is valid by the published schema of OpenAPI 3.1", async () => {
    const { json } = await product.call("GET", "/openapi.json");
    const validator = new Validator();
    const document = z.record(z.string(), z.unknown()).parse(json);
    expect(await validator.validate(document)).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
    const broken = { ...document, paths: { "/x": { get: { responses: 7 } } } };
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
  });

  it("names what needs no token, and leaves no route out", async () => {
    const { json } = await product.call("GET", "/openapi.json");
    const { paths } = z
      .object({
        paths: z.record(
          z.string(),
          z.record(z.string(), z.looseObject({ security: z.unknown().optional() })),
        ),
      })
      .parse(json);
    const open = Object.keys(paths).filter((path) =>
      Object.values(paths[path] ?? {}).some(({ security }) => security !== undefined),
    );
    for (const path of open)
      expect(path).toMatch(/^\/(?:healthz|v1\/webhooks|v1\/blobs|v1\/oauth|console|$)/);
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        "/mcp",
        "/openapi.json",
        "/v1/runs",
        "/v1/costs",
        "/v1/webhooks/slack/{connection}",
      ]),
    );
    const stranger = { ...product.client, token: "wrong" };
    expect((await callProduct(stranger, "GET", "/openapi.json")).status).toBe(401);
  });
});

describe("the MCP server", () => {
  it("lists every action as a tool, saying what it may do", async () => {
    const { tools } = await mcp.listTools();
    const names = actions.map(({ integration, action }) => `${integration}__${action}`);
    expect(tools.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    for (const { name } of tools) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    const hints = (name: string) => tools.find((tool) => tool.name === name)?.annotations;
    expect(hints("slack__auth-test")).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    expect(hints("slack__post-message")).toMatchObject({
      readOnlyHint: false,
      destructiveHint: false,
    });
    expect(hints("slack__update-message")).toMatchObject({
      destructiveHint: true,
      idempotentHint: true,
    });
  });

  it("answers what went wrong as a tool's error, with our code", async () => {
    const invalid = await mcp.callTool({ name: "slack__post-message", arguments: { text: "x" } });
    const unknown = await mcp.callTool({ name: "slack__nothing", arguments: {} });
    const codeOf = ({ content }: typeof invalid): unknown =>
      content?.[0]?.type === "text" ? JSON.parse(content[0].text).code : undefined;
    expect([invalid.isError, codeOf(invalid)]).toEqual([true, "invalid_argument"]);
    expect([unknown.isError, codeOf(unknown)]).toEqual([true, "not_found"]);
  });

  it("is closed to whoever has no token", async () => {
    await expect(connect("wrong")).rejects.toThrow(/401|bearer|Unauthorized/i);
  });

  it("records a tool's call like any other", async () => {
    await mcp.callTool({ name: "slack__auth-test", arguments: {} });
    const { json } = await product.call("GET", "/v1/runs");
    expect(json).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ operation: expect.stringContaining("auth-test") }),
      ]),
    });
  });
});
