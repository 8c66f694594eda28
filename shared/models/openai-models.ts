import type { ModelDriver } from "./driver.ts";
import {
  codeOfModelHttp,
  modelHttp,
  type ModelHttpOptions,
  retryAfterMsOfHttp,
} from "./model-http.ts";
import type { ModelOffer } from "./offer.ts";
import {
  Completion,
  completionBody,
  CompletionChunk,
  deltasOfChunk,
  Embeddings,
  replyOf,
  type TokensField,
  vectorsOf,
} from "./openai-wire.ts";

export type OpenAiOptions = ModelHttpOptions & {
  readonly name: string;
  readonly offers: readonly ModelOffer[];
  /** Where `/chat/completions` and `/embeddings` are, without a slash at the end: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly tokensField: TokensField;
};

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** Models behind OpenAI's protocol (https://platform.openai.com/docs/api-reference), whoever serves them. */
export function openAiModels(options: OpenAiOptions): ModelDriver {
  const { name, offers, baseUrl, tokensField } = options;
  const http = modelHttp(options);
  return {
    name,
    offers,
    limits: { maxRequestBytes: MAX_REQUEST_BYTES },
    async chat(request, signal) {
      const body = completionBody(request, false, tokensField);
      return replyOf(await http.post(`${baseUrl}/chat/completions`, body, Completion, signal));
    },
    async *stream(request, signal) {
      const body = completionBody(request, true, tokensField);
      const chunks = http.events(`${baseUrl}/chat/completions`, body, CompletionChunk, signal);
      for await (const chunk of chunks) yield* deltasOfChunk(chunk);
    },
    async embed({ model, texts }, signal) {
      const body = { model, input: texts, encoding_format: "float" };
      return vectorsOf(await http.post(`${baseUrl}/embeddings`, body, Embeddings, signal));
    },
    codeOf: codeOfModelHttp,
    retryAfterMsOf: retryAfterMsOfHttp,
    close: () => http.close(),
  };
}
