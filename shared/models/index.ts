export type { Ask } from "./ask.ts";
export {
  type ChatMessage,
  type ChatReply,
  type ChatRequest,
  type EmbedReply,
  type EmbedRequest,
  type Finish,
  type JsonSchema,
  type ModelDelta,
  type ModelDriver,
  type OpenModels,
  type ToolCall,
  type ToolResult,
  type ToolSpec,
  type Usage,
} from "./driver.ts";
export { Collector } from "./collect.ts";
export { azureOffers, bedrockOffers, pricesAsOf, vertexOffers } from "./catalogue.ts";
export { embeddedModels, embeddedOffers } from "./embedded/embedded.ts";
export {
  codeOfModelHttp,
  MalformedAnswer,
  modelHttp,
  ModelHttpError,
  type ModelHttp,
  type ModelHttpOptions,
  retryAfterMsOfHttp,
} from "./model-http.ts";
export { checkPrice, costUsd, type ModelPrice, type TokenRates } from "./model-price.ts";
export {
  type ModelAnswer,
  type ModelReceipt,
  Models,
  type ModelVectors,
  type StreamedDelta,
} from "./models.ts";
export { models, type ModelsRef, type ModelVerb, openModels } from "./models-ref.ts";
export { type ModelOffer, type ModelSkill, type Task, tasks } from "./offer.ts";
export { openAiModels, type OpenAiOptions } from "./openai-models.ts";
export { filterPrices, type FilteredPrices, type PricedModel, type RowDefect } from "./prices.ts";
export { findPriced } from "./price-names.ts";
export { type ModelNeed, type ModelRoute, ModelTable } from "./route.ts";
export { type Tool, tool, type Tools } from "./tool.ts";
