import { constants, createServer, type ServerHttp2Session } from "node:http2";
import { crc32 } from "node:zlib";
import * as z from "zod";
import {
  type Refusal,
  type Serve,
  type VendorCall,
  type VendorWire,
} from "../../../shared/models/conformance/vendor.ts";
import { startVendor, type VendorFake } from "../../../shared/models/conformance.ts";
import type { ChatMessage, Finish, ModelDelta, Usage } from "#shared/models";
import type { AwsConnection } from "../drivers/aws-client.ts";

/** Bedrock on the wire: HTTP/2, JSON and event streams. */
export type BedrockFake = VendorFake & { readonly connection: AwsConnection };

const Text = z.strictObject({ text: z.string().min(1) });
const ToolUse = z.strictObject({
  toolUse: z.strictObject({ toolUseId: z.string(), name: z.string(), input: z.looseObject({}) }),
});
const ToolResult = z.strictObject({
  toolResult: z.strictObject({
    toolUseId: z.string(),
    content: z.array(Text).min(1),
    status: z.enum(["success", "error"]),
  }),
});
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
const Converse = z.strictObject({
  messages: z
    .array(
      z.strictObject({
        role: z.enum(["user", "assistant"]),
        content: z.array(z.union([Text, ToolUse, ToolResult])).min(1),
      }),
    )
    .min(1),
  inferenceConfig: z.strictObject({
    maxTokens: z.int().positive(),
    temperature: z.number().optional(),
  }),
  system: z.array(Text).min(1).optional(),
  toolConfig: z
    .strictObject({
      tools: z
        .array(
          z.strictObject({
            toolSpec: z.strictObject({
              name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
              description: z.string().min(1),
              inputSchema: z.strictObject({ json: z.record(z.string(), z.unknown()) }),
            }),
          }),
        )
        .min(1),
    })
    .optional(),
  outputConfig: z
    .strictObject({
      textFormat: z.strictObject({
        type: z.literal("json_schema"),
        structure: z.strictObject({
          jsonSchema: z.strictObject({ name: z.string(), schema: z.string() }),
        }),
      }),
    })
    .optional(),
});
const Titan = z.strictObject({ inputText: z.string().min(1), normalize: z.boolean() });

const errors: Readonly<Record<Refusal, readonly [number, string, string]>> = {
  throttled: [429, "ThrottlingException", "Too many requests, please wait before trying again."],
  overloaded: [503, "ServiceUnavailableException", "Bedrock is unable to process your request."],
  unauthenticated: [403, "UnrecognizedClientException", "The security token is invalid."],
  "too-long": [400, "ValidationException", "Input is too long for requested model."],
  filtered: [400, "ValidationException", "Output blocked by content filtering policy"],
  "no-model": [404, "ResourceNotFoundException", "Could not resolve the foundation model"],
};

const wire: VendorWire = {
  isAuthorized: ({ headers }) =>
    headers.authorization?.startsWith("AWS4-HMAC-SHA256 Credential=local/") === true,
  decode(path, body) {
    const [, id = "", operation] =
      /^\/model\/([^/]+)\/(converse|converse-stream|invoke)$/.exec(path) ?? [];
    const model = decodeURIComponent(id);
    if (operation === "invoke") {
      return { kind: "embed", request: { model, texts: [Titan.parse(body).inputText] } };
    }
    return operation === undefined ? undefined : callOf(model, operation, Converse.parse(body));
  },
  reply: ({ text, calls, finish, usage }) => ({
    metrics: { latencyMs: 1 },
    output: {
      message: {
        role: "assistant",
        content: [
          ...(text === "" ? [] : [{ text }]),
          ...calls.map(({ id, name, input }) => ({
            toolUse: { toolUseId: id, name, input: JSON.parse(input) as unknown },
          })),
        ],
      },
    },
    stopReason: stopReasons[finish],
    usage: usageOf(usage),
  }),
  streamType: "application/vnd.amazon.eventstream",
  pieces: (deltas) => framesOf(deltas),
  vectors: ({ vectors: [embedding], inputTokens }) => ({
    embedding,
    inputTextTokenCount: inputTokens,
  }),
  refuse(refusal, quoted) {
    const [status, type, message] = errors[refusal];
    const body = { message: `${message} ${quoted}` };
    return { status, body, headers: { "x-amzn-errortype": `${type}:http://internal.amazon.com/` } };
  },
};

/** Starts the fake. Requests are signed; the signature itself is not verified. */
export async function startBedrock(): Promise<BedrockFake> {
  const vendor = await startVendor(wire, serveHttp2);
  return { ...vendor, connection: connectionTo(vendor.url) };
}

/** How the client reaches a fake. */
export function connectionTo(endpoint: string, accessKeyId = "local"): AwsConnection {
  return { region: "us-east-1", endpoint, credentials: { accessKeyId, secretAccessKey: "local" } };
}

/** HTTP/2 without TLS, by prior knowledge, as the client speaks it to an address that begins with http. */
export const serveHttp2: Serve = async (listener) => {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer((request, response) => {
    listener(request, {
      writeHead: (status, headers) => response.writeHead(status, { ...headers }),
      write: (chunk) => response.write(chunk),
      end: (text = "") => response.end(text),
      once: (event, then) => response.once(event, then),
      cut: () => response.stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    });
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

function callOf(model: string, operation: string, body: z.infer<typeof Converse>): VendorCall {
  const { messages, inferenceConfig, system, toolConfig, outputConfig } = body;
  const structure = outputConfig?.textFormat.structure.jsonSchema;
  const request = {
    model,
    system: system?.map(({ text }) => text).join("\n"),
    messages: messages.map(messageOf),
    tools: (toolConfig?.tools ?? []).map(({ toolSpec: { name, description, inputSchema } }) => {
      return { name, description, input: inputSchema.json };
    }),
    output:
      structure === undefined
        ? undefined
        : { name: structure.name, schema: z.looseObject({}).parse(JSON.parse(structure.schema)) },
    maxTokens: inferenceConfig.maxTokens,
    temperature: inferenceConfig.temperature,
  };
  return { kind: operation === "converse" ? "chat" : "stream", request };
}

function messageOf({ role, content }: z.infer<typeof Converse>["messages"][number]): ChatMessage {
  const text = content.flatMap((block) => ("text" in block ? [block.text] : [])).join("");
  const results = content.flatMap((block) => ("toolResult" in block ? [block.toolResult] : []));
  if (results.length > 0) {
    return {
      role: "tool",
      results: results.map(({ toolUseId: id, content: [said], status }) => {
        return { id, name: "", text: said?.text ?? "", isError: status === "error" };
      }),
    };
  }
  if (role === "user") return { role, text };
  const calls = content.flatMap((block) => ("toolUse" in block ? [block.toolUse] : []));
  return {
    role,
    text,
    calls: calls.map(({ toolUseId: id, name, input }) => {
      return { id, name, input: JSON.stringify(input) };
    }),
  };
}

const stopReasons: Readonly<Record<Finish, string>> = {
  stop: "end_turn",
  tools: "tool_use",
  length: "max_tokens",
  filtered: "guardrail_intervened",
};

function usageOf({ inputTokens, outputTokens }: Usage): object {
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}

function framesOf(deltas: readonly ModelDelta[]): Buffer[] {
  const finish = deltas.find((delta) => delta.kind === "finish");
  const usage = deltas.find((delta) => delta.kind === "usage");
  const content = deltas.flatMap((delta): [string, object][] => {
    if (delta.kind === "text") {
      return [["contentBlockDelta", { contentBlockIndex: 0, delta: { text: delta.text } }]];
    }
    if (delta.kind !== "tool") return [];
    const { index: contentBlockIndex, id: toolUseId, name, input } = delta;
    const parts = [input.slice(0, 4), input.slice(4)];
    return [
      ["contentBlockStart", { contentBlockIndex, start: { toolUse: { toolUseId, name } } }],
      ...parts.map((part): [string, object] => [
        "contentBlockDelta",
        { contentBlockIndex, delta: { toolUse: { input: part } } },
      ]),
    ];
  });
  const events: [string, object][] = [
    ["messageStart", { role: "assistant" }],
    ...content,
    ["contentBlockStop", { contentBlockIndex: 0 }],
    ["messageStop", { stopReason: finish?.kind === "finish" ? stopReasons[finish.finish] : "" }],
    [
      "metadata",
      { usage: usage?.kind === "usage" ? usageOf(usage.usage) : {}, metrics: { latencyMs: 1 } },
    ],
  ];
  return events.map(([type, payload]) =>
    eventFrame({ ":message-type": "event", ":event-type": type }, payload),
  );
}

/**
 * A frame of an event stream, written from its description and not with the SDK's codec, so that the two check each
 * other: https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html
 */
export function eventFrame(names: Readonly<Record<string, string>>, payload: object): Buffer {
  const headers = Buffer.concat(
    Object.entries({ ...names, ":content-type": "application/json" }).map(([name, value]) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(Buffer.byteLength(value));
      const head = Buffer.concat([Buffer.of(Buffer.byteLength(name)), Buffer.from(name)]);
      return Buffer.concat([head, Buffer.of(7), length, Buffer.from(value)]);
    }),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(8 + 4 + headers.length + body.length + 4, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const framed = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([framed, checksum(framed)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
