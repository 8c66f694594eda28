import { memorySecrets } from "#shared/secrets";
import { replayServer, socketPorts } from "#shared/testing";
import { expect, it } from "vitest";
import { localModels } from "./drivers/models.ts";
import { withModels } from "./with-models.ts";

const { clock } = socketPorts();
const { signal } = new AbortController();
const url = "http://127.0.0.1:11434/v1";
const open = (settings: Readonly<Record<string, string>>, key?: string) =>
  localModels({
    settings,
    secrets: memorySecrets(key === undefined ? {} : { "models-key": key }),
    clock,
  });

it("works without a key on the embedded method", async () => {
  const ports = withModels(socketPorts());
  const driver = await ports.models?.();
  expect(driver?.name).toBe("embedded");
});

it("asks the server that the settings name, with the key", async () => {
  const choices = [{ message: { content: "Yes." }, finish_reason: "stop" }];
  const server = await replayServer([{ status: 200, json: { choices } }]);
  const settings = {
    AUTERITY_MODELS_URL: `${server.url}/v1/`,
    AUTERITY_MODELS_CHAT: "llama3",
    AUTERITY_MODELS_CHAT_PRICE: "free",
    AUTERITY_MODELS_EMBED: "nomic",
    AUTERITY_MODELS_EMBED_PRICE: "0.02/0",
  };
  const driver = await open(settings, "sk-canary");
  expect(driver.offers).toMatchObject([
    { model: "llama3", price: { input: 0, isFree: true } },
    { model: "nomic", price: { input: 0.02, output: 0 } },
  ]);
  const request = {
    model: "llama3",
    system: undefined,
    messages: [{ role: "user", text: "Is it?" }],
    tools: [],
    output: undefined,
    maxTokens: 5,
    temperature: undefined,
  } as const;
  expect(await driver.chat(request, signal)).toMatchObject({ text: "Yes.", finish: "stop" });
  expect(server.seen[0]).toMatchObject({
    path: "/v1/chat/completions",
    headers: { authorization: "Bearer sk-canary" },
    json: { model: "llama3", max_tokens: 5 },
  });
  await driver.close();
  await server.close();
});

it.each([
  [{ AUTERITY_MODELS_URL: url }, "neither AUTERITY_MODELS_CHAT nor AUTERITY_MODELS_EMBED"],
  [
    { AUTERITY_MODELS_URL: url, AUTERITY_MODELS_CHAT: "m" },
    "AUTERITY_MODELS_CHAT_PRICE is no price",
  ],
  [
    { AUTERITY_MODELS_URL: url, AUTERITY_MODELS_CHAT: "m", AUTERITY_MODELS_CHAT_PRICE: "0/0" },
    'zero) for "m"',
  ],
  [
    {
      AUTERITY_MODELS_URL: "models",
      AUTERITY_MODELS_CHAT: "m",
      AUTERITY_MODELS_CHAT_PRICE: "free",
    },
    "AUTERITY_MODELS_URL is no url",
  ],
])("refuses settings that leave something open: %o", async (settings, what) => {
  await expect(open(settings, "k")).rejects.toThrow(what);
});

it("needs the secret", async () => {
  const settings = {
    AUTERITY_MODELS_URL: url,
    AUTERITY_MODELS_CHAT: "m",
    AUTERITY_MODELS_CHAT_PRICE: "1/2",
  };
  await expect(open(settings)).rejects.toMatchObject({ code: "failed_precondition" });
});
