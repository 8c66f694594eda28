import { afterAll, expect, it } from "vitest";
import { modelsConformance } from "../../shared/models/conformance.ts";
import { socketPorts } from "#shared/testing";
import { type AzureOpenAiOptions, azureOpenAiModels } from "./drivers/models-openai.ts";
import { azureKey, azureToken, startAzureOpenAi } from "./engines/azure-openai.conformance.ts";

const vendor = await startAzureOpenAi();
afterAll(() => vendor.stop());

const { clock } = socketPorts();
const open = (endpoint: string, account: AzureOpenAiOptions["account"]) =>
  azureOpenAiModels({ endpoint, account, clock, emulator: true });

modelsConformance("Azure OpenAI", {
  engine: "a resource on the wire",
  vendor,
  open: async () => open(vendor.url, { key: azureKey }),
  unreachable: async () => open("http://127.0.0.1:1", { key: azureKey }),
  unknown: async () => open(vendor.url, { key: "another key" }),
});

const request = {
  model: "gpt-5-nano",
  system: undefined,
  messages: [{ role: "user", text: "The sky is blue." }],
  tools: [],
  output: undefined,
  maxTokens: 10,
  temperature: undefined,
} as const;
const { signal } = new AbortController();

it("is reached by a token of the app's identity", async () => {
  const scopes: unknown[] = [];
  const identity = {
    getToken: async (scope: string | string[]) => {
      scopes.push(scope);
      return { token: azureToken, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const driver = open(vendor.url, { identity });
  expect(await driver.chat(request, signal)).toMatchObject({ text: "The sky is blue." });
  expect(scopes).toEqual(["https://cognitiveservices.azure.com/.default"]);
  await driver.close();
});

it("takes an identity that gives nothing for missing credentials", async () => {
  const driver = open(vendor.url, { identity: { getToken: async () => null } });
  const error: unknown = await driver.chat(request, signal).catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe("unauthenticated");
  await driver.close();
});
