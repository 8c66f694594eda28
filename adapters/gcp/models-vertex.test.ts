import { readFileSync } from "node:fs";
import { listen, socketPorts } from "#shared/testing";
import { afterAll, expect, it } from "vitest";
import * as z from "zod";
import { modelsConformance } from "../../shared/models/conformance.ts";
import { Generated, replyOf } from "./drivers/gemini-wire.ts";
import { metadataTokens } from "./drivers/metadata-token.ts";
import { vertexModels } from "./drivers/models-vertex.ts";
import { startVertex, vertexToken } from "./engines/vertex.conformance.ts";

const vendor = await startVertex();
afterAll(() => vendor.stop());

const { clock } = socketPorts();
const open = (endpoint: string, token = vertexToken) =>
  vertexModels({
    project: "auterity",
    location: "europe-west4",
    clock,
    endpoint,
    tokens: async () => token,
  });

modelsConformance("Vertex AI", {
  engine: "Vertex AI on the wire",
  vendor,
  open: async () => open(vendor.url),
  unreachable: async () => open("http://127.0.0.1:1"),
  unknown: async () => open(vendor.url, "another token"),
});

it("reads the answer that Vertex AI documents; thinking is no text, and is billed", () => {
  const path = new URL("fixtures/vertex-generate.json", import.meta.url);
  const { body } = z.object({ body: Generated }).parse(JSON.parse(readFileSync(path, "utf8")));
  expect(replyOf(body)).toEqual({
    text: "",
    calls: [{ id: "call_0", name: "get_current_weather", input: '{"location":"Boston, MA"}' }],
    finish: "tools",
    usage: { inputTokens: 8, outputTokens: 39, cacheReadTokens: 30, cacheWriteTokens: 0 },
  });
});

it("asks the metadata server once for as long as its token holds, and again after a failure", async () => {
  let asked = 0;
  const server = await listen(({ url, headers }, response) => {
    asked += 1;
    const isRight = headers["metadata-flavor"] === "Google" && url?.endsWith("/default/token");
    response.writeHead(isRight === true && asked > 1 ? 200 : 503, {
      "content-type": "application/json",
    });
    response.end(JSON.stringify({ access_token: "t", expires_in: 3_599, token_type: "Bearer" }));
  });
  let nowMs = 0;
  const tokens = metadataTokens({ ...clock, now: () => nowMs }, server.url);
  const { signal } = new AbortController();
  await expect(tokens(signal)).rejects.toThrow("503");
  expect([await tokens(signal), await tokens(signal)]).toEqual(["t", "t"]);
  expect(asked).toBe(2);
  nowMs += 3_500_000;
  expect(await tokens(signal)).toBe("t");
  expect(asked).toBe(3);
  await server.close();
});
