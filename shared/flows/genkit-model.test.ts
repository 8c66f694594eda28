import { embeddedModels, type ChatRequest, type ModelDriver } from "#shared/models";
import { describe, expect, it } from "vitest";
import { type GenkitChunk, genkitModel } from "./genkit-model.ts";

const model = genkitModel(embeddedModels(), "embedded-extractive");

/** What Genkit 1.42 sends for a question with a system prompt, a tool and a schema. */
const request = {
  messages: [
    { role: "system", content: [{ text: "Be brief." }] },
    { role: "user", content: [{ text: "Order A-4711 " }, { text: "is paid." }] },
  ],
  config: { temperature: 0.5, maxOutputTokens: 90 },
  tools: [],
  output: {
    format: "json",
    constrained: true,
    schema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { order: { type: "string" } },
      required: ["order"],
    },
  },
};
const tools = [
  {
    name: "find_order",
    description: "An order by its id",
    inputSchema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { id: { type: "string" } },
      required: ["id"],
    },
  },
];

/** A driver that remembers what it was asked. */
function spy(): { readonly driver: ModelDriver; readonly asked: ChatRequest[] } {
  const asked: ChatRequest[] = [];
  const embedded = embeddedModels();
  return {
    asked,
    driver: {
      ...embedded,
      chat: (one, signal) => (asked.push(one), embedded.chat(one, signal)),
    },
  };
}

describe("a model of the port in Genkit", () => {
  it("says what it can", () => {
    expect(model.info).toMatchObject({
      name: "embedded/embedded-extractive",
      supports: { tools: true, output: ["text", "json"], constrained: "all" },
    });
    expect(() => genkitModel(embeddedModels(), "gpt-9")).toThrow(/offers no/);
  });

  it("answers by a schema, and tells what it used", async () => {
    const { message, finishReason, usage } = await model.run(request);
    const [part] = message.content;
    expect(JSON.parse(part !== undefined && "text" in part ? part.text : "")).toHaveProperty(
      "order",
    );
    expect(finishReason).toBe("stop");
    expect(usage.totalTokens).toBe(usage.inputTokens + usage.outputTokens);
    expect(usage.outputTokens).toBeGreaterThan(0);
  });

  it("calls tools, and hears what came of it", async () => {
    const asked = [{ role: "user", content: [{ text: "Use find order for A-4711. Is it paid?" }] }];
    const first = await model.run({ messages: asked, tools });
    expect(first.message.content).toMatchObject([{ toolRequest: { name: "find_order" } }]);
    const toolResponse = {
      name: "find_order",
      ref: "call_1",
      output: { state: "A-4711 is paid." },
    };
    const second = await model.run({
      messages: [...asked, first.message, { role: "tool", content: [{ toolResponse }] }],
      tools,
    });
    expect(JSON.stringify(second.message.content)).toContain("paid");
  });

  it("tells pieces that make the whole", async () => {
    const messages = [{ role: "user", content: [{ text: "The sky is blue. What is blue?" }] }];
    const chunks: GenkitChunk[] = [];
    const sendChunk = (chunk: GenkitChunk): unknown => chunks.push(chunk);
    const streamed = await model.run({ messages }, { streamingRequested: true, sendChunk });
    const told = chunks.flatMap(({ content }) =>
      content.map((one) => ("text" in one ? one.text : "")),
    );
    expect(streamed.message.content).toEqual([{ text: told.join("") }]);
    expect(streamed).toEqual(await model.run({ messages }));
  });

  it("asks the driver in its own form", async () => {
    const { driver, asked } = spy();
    const more = { role: "user", content: [{ text: " Is it?" }] };
    const messages = [...request.messages, more];
    await genkitModel(driver, "embedded-extractive").run({ ...request, messages, tools });
    expect(asked).toEqual([
      {
        model: "embedded-extractive",
        system: "Be brief.",
        messages: [{ role: "user", text: "Order A-4711 is paid. Is it?" }],
        tools: [
          {
            name: "find_order",
            description: "An order by its id",
            input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
          },
        ],
        output: {
          name: "answer",
          schema: {
            type: "object",
            properties: { order: { type: "string" } },
            required: ["order"],
          },
        },
        maxTokens: 90,
        temperature: 0.5,
      },
    ]);
  });

  it.each([
    [{ messages: [{ role: "user", content: [{ media: { url: "data:" } }] }] }, "unimplemented"],
    [{ messages: "hi" }, "invalid_argument"],
  ])("refuses %j", async (given, code) => {
    await expect(model.run(given)).rejects.toMatchObject({ code });
  });

  it("that breaks off says so", async () => {
    const driver: ModelDriver = {
      ...embeddedModels(),
      async *stream() {
        yield { kind: "text", text: "half" };
      },
    };
    const broken = genkitModel(driver, "embedded-extractive");
    const messages = [{ role: "user", content: [{ text: "hi" }] }];
    await expect(
      broken.run({ messages }, { streamingRequested: true, sendChunk: () => {} }),
    ).rejects.toMatchObject({
      code: "unavailable",
      details: { outcome: "partial", receivedChars: 4 },
    });
  });
});
