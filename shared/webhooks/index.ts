export { createDocumentCache, type DocumentCache, type Documents } from "./documents.ts";
export {
  type AnswerForm,
  answerHandshake,
  type Handshake,
  type HandshakeAnswer,
  handshakeMethods,
  type HandshakeTrust,
  isUnsigned,
  type When,
} from "./handshake.ts";
export { type Place, readField, readPlace } from "./place.ts";
export type { Refusal, Trust, Verdict, WebhookRequest } from "./request.ts";
export {
  type ContentPart,
  type EcdsaScheme,
  type Ed25519Scheme,
  type HmacScheme,
  type JwtScheme,
  type ListScheme,
  type NoProofScheme,
  schemeDefect,
  type SnsScheme,
  type StandardWebhooksScheme,
  type StaticFieldScheme,
  type StaticHeaderScheme,
  type TimestampRule,
  type TwilioScheme,
  type UrlTokenScheme,
  type WebhookScheme,
} from "./scheme.ts";
export { type SigningKey, signWebhook, type WebhookToSign } from "./sign.ts";
export { verifyWebhook } from "./verify.ts";
export { verifyComputed } from "./verify/computed.ts";
