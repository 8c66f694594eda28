import type { Clock } from "#shared/function";
import {
  codeOfModelHttp,
  modelHttp,
  type ModelDriver,
  type ModelOffer,
  retryAfterMsOfHttp,
  vertexOffers,
} from "#shared/models";
import { deltasOf, generateBody, Generated, Predicted, replyOf, vectorsOf } from "./gemini-wire.ts";
import { metadataTokens, type TokenSource } from "./metadata-token.ts";

export type VertexOptions = {
  readonly project: string;
  /** A region, or `global`: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations */
  readonly location: string;
  readonly clock: Clock;
  readonly offers?: readonly ModelOffer[];
  /** The metadata server's where it is left out. */
  readonly tokens?: TokenSource;
  /** Another origin than the location's own: an engine of ours in tests. */
  readonly endpoint?: string;
};

const MAX_REQUEST_BYTES = 20_000_000;

/** Gemini on Vertex AI, and vectors of its embedding models. Needs the role "Vertex AI User". */
export function vertexModels(options: VertexOptions): ModelDriver {
  const { project, location, clock, offers = vertexOffers, endpoint } = options;
  const tokens = options.tokens ?? metadataTokens(clock);
  const host = location === "global" ? "" : `${location}-`;
  const origin = endpoint ?? `https://${host}aiplatform.googleapis.com`;
  const models = `${origin}/v1/projects/${project}/locations/${location}/publishers/google/models`;
  const http = modelHttp({
    clock,
    authorize: async (signal) => ({ authorization: `Bearer ${await tokens(signal)}` }),
    ...(endpoint === undefined ? {} : { allowedOrigins: [endpoint] }),
  });
  return {
    name: "vertex",
    offers,
    limits: { maxRequestBytes: MAX_REQUEST_BYTES },
    async chat(request, signal) {
      const url = `${models}/${request.model}:generateContent`;
      return replyOf(await http.post(url, generateBody(request), Generated, signal));
    },
    async *stream(request, signal) {
      const url = `${models}/${request.model}:streamGenerateContent?alt=sse`;
      let calls = 0;
      for await (const piece of http.events(url, generateBody(request), Generated, signal)) {
        for (const delta of deltasOf(piece, calls)) {
          if (delta.kind === "tool") calls += 1;
          yield delta;
        }
      }
    },
    async embed({ model, texts }, signal) {
      // What is too long is refused, and not cut without a word.
      const body = {
        instances: texts.map((content) => ({ content })),
        parameters: { autoTruncate: false },
      };
      return vectorsOf(await http.post(`${models}/${model}:predict`, body, Predicted, signal));
    },
    codeOf: codeOfModelHttp,
    retryAfterMsOf: retryAfterMsOfHttp,
    close: () => http.close(),
  };
}
