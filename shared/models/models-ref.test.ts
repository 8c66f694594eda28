import { memoryPorts } from "#shared/testing";
import { expect, it } from "vitest";
import { embeddedModels } from "./embedded/embedded.ts";
import { models, openModels } from "./models-ref.ts";

const scope = {
  tenant: "acme",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};
const ref = models("digest", { task: "summarise" });

it("grants exactly the verbs that were asked for", async () => {
  const grant = ref.grant("chat", "embed");
  expect(grant).toMatchObject({ kind: "models", resource: "digest", verbs: ["chat", "embed"] });
  const client = grant.connect(memoryPorts(), scope);
  expect(Object.keys(client)).toEqual(["chat", "embed"]);
  expect((await client.chat({ prompt: "It rains." })).costUsd).toBe(0);
});

it.each([
  ["Digest", {}],
  ["digest", { quality: 1.1 }],
  ["digest", { cacheShare: Number.NaN }],
])("refuses a definition that makes no sense: %s %o", (name, options) => {
  expect(() => models(name, { task: "answer", ...options })).toThrow(/^models\.define: /);
});

it("opens a driver once, and again after a failure", async () => {
  let opened = 0;
  const open = async () => {
    opened += 1;
    if (opened === 1) throw new Error("not yet");
    return embeddedModels();
  };
  const client = openModels(ref, { ...memoryPorts(), models: open }, scope);
  await expect(client.chat({ prompt: "It rains." })).rejects.toThrow("not yet");
  await client.chat({ prompt: "It rains." });
  await client.chat({ prompt: "It rains." });
  expect(opened).toBe(2);
});

it("says so where a host has no models, and where none is good enough", async () => {
  const { models: _, ...without } = memoryPorts();
  const none = openModels(ref, without, scope).chat({ prompt: "It rains." });
  await expect(none).rejects.toMatchObject({ code: "unimplemented" });
  const best = models("digest", { task: "summarise", quality: 0.9 });
  const asked = openModels(best, memoryPorts(), scope).chat({ prompt: "It rains." });
  await expect(asked).rejects.toMatchObject({ code: "failed_precondition" });
  await expect(asked).rejects.toThrow("embedded-extractive reaches 0.1 at summarise");
});

it.each([
  [{ prompt: "" }, "a message of the user is empty"],
  [{ prompt: [{ role: "assistant", text: "a", calls: [] }] }, "prompt must begin with the user"],
  [{ prompt: "a", maxTokens: 0 }, "maxTokens"],
  [{ prompt: "a", temperature: 2 }, "temperature"],
] as const)("refuses %o", async (ask, what) => {
  const asked = openModels(ref, memoryPorts(), scope).chat(ask);
  await expect(asked).rejects.toMatchObject({ code: "invalid_argument" });
  await expect(asked).rejects.toThrow(what);
});
