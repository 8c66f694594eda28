import type { Code } from "#shared/errors";
import { retryAfterMs } from "#shared/http";
import { bedrockOffers, MalformedAnswer, type ModelDriver, type ModelOffer } from "#shared/models";
import * as z from "zod";
import { type AwsConnection, clientConfig, lazyClient, until } from "./aws-client.ts";
import { codeOfAws } from "./aws-error.ts";
import { converseInput, deltasOf, replyOf } from "./bedrock-messages.ts";

export type BedrockOptions = AwsConnection & {
  readonly offers?: readonly ModelOffer[];
};

/** A model that thinks is silent for long. */
const SILENCE_MS = 60_000;
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
const MAX_REQUEST_BYTES = 20_000_000;

// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
const TitanVector = z.object({ embedding: z.array(z.number()), inputTextTokenCount: z.number() });

/**
 * Models of Amazon Bedrock through Converse, which is the same for all of them, and vectors of Titan. Needs
 * `bedrock:InvokeModel` and `bedrock:InvokeModelWithResponseStream`.
 */
export function bedrockModels({
  offers = bedrockOffers,
  ...connection
}: BedrockOptions = {}): ModelDriver {
  const bedrock = lazyClient(async () => {
    const sdk = await import("./bedrock-sdk.ts");
    // The client speaks HTTP/2, whose handler has settings of its own; a stream each its own connection is its default.
    const requestHandler = { requestTimeout: SILENCE_MS, disableConcurrentStreams: true };
    const config = { ...clientConfig(connection), requestHandler };
    return { sdk, client: new sdk.BedrockRuntimeClient(config) };
  });
  return {
    name: "bedrock",
    offers,
    limits: { maxRequestBytes: MAX_REQUEST_BYTES },
    async chat(request, signal) {
      const { sdk, client } = await bedrock.get();
      return replyOf(
        await client.send(new sdk.ConverseCommand(converseInput(request)), until(signal)),
      );
    },
    async *stream(request, signal) {
      const { sdk, client } = await bedrock.get();
      // The SDK forgets a stream that nobody reads on; the connection ends with this signal alone.
      const stop = new AbortController();
      try {
        const command = new sdk.ConverseStreamCommand(converseInput(request));
        const both = AbortSignal.any([signal, stop.signal]);
        const { stream = [] } = await client.send(command, { abortSignal: both });
        for await (const event of stream) yield* deltasOf(event);
      } finally {
        stop.abort();
      }
    },
    async embed({ model, texts }, signal) {
      const { sdk, client } = await bedrock.get();
      const vectors: number[][] = [];
      let inputTokens = 0;
      for (const inputText of texts) {
        const body = JSON.stringify({ inputText, normalize: true });
        const contentType = "application/json";
        const command = new sdk.InvokeModelCommand({ modelId: model, body, contentType });
        const answer = await client.send(command, until(signal));
        const vector = TitanVector.safeParse(JSON.parse(Buffer.from(answer.body).toString()));
        if (!vector.success) throw new MalformedAnswer("there is no vector in the answer");
        vectors.push(vector.data.embedding);
        inputTokens += vector.data.inputTextTokenCount;
      }
      return { vectors, inputTokens };
    },
    codeOf: codeOfBedrock,
    retryAfterMsOf: (error, nowMs) => retryAfterMs(retryAfterOf(error), nowMs),
    close: () => bedrock.close(),
  };
}

// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_Errors
const codes: Readonly<Record<string, Code>> = {
  InternalServerException: "unavailable",
  ModelErrorException: "unavailable",
  ModelNotReadyException: "unavailable",
  ModelStreamErrorException: "unavailable",
  ModelTimeoutException: "deadline_exceeded",
  ServiceQuotaExceededException: "resource_exhausted",
  ServiceUnavailableException: "unavailable",
  // What is no JSON, and no frame of an event stream.
  SyntaxError: "unavailable",
};
const TOO_LONG = /too long|too many (?:input )?tokens|exceed\w* .*(?:context|tokens)/i;
const FILTERED = /content filter/i;
/** The SDK names none of these: https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html for the frames. */
const BROKEN = /http\/?2|event message|checksum/i;

function codeOfBedrock(error: unknown): Code | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof MalformedAnswer) return "unavailable";
  if (error.name === "ValidationException") {
    if (TOO_LONG.test(error.message)) return "too_large";
    if (FILTERED.test(error.message)) return "failed_precondition";
  }
  const known = codes[error.name] ?? codeOfAws(error);
  if (known !== undefined) return known;
  const code: unknown = Reflect.get(error, "code");
  const isHttp2 = typeof code === "string" && code.startsWith("ERR_HTTP2");
  return isHttp2 || (error.name === "Error" && BROKEN.test(error.message))
    ? "unavailable"
    : undefined;
}

const WithHeaders = z.object({ headers: z.object({ "retry-after": z.string() }) });

/** The SDK hides the answer that an error came with. */
function retryAfterOf(error: unknown): string | undefined {
  const response: unknown = error instanceof Error ? Reflect.get(error, "$response") : undefined;
  return WithHeaders.safeParse(response).data?.headers["retry-after"];
}
