export { answerHandshake, type Handshake, type HandshakeAnswer } from "./handshake.ts";
export { type Place, readField, readPlace } from "./place.ts";
export type {
  ContentPart,
  Ed25519Scheme,
  HmacScheme,
  StandardWebhooksScheme,
  StaticHeaderScheme,
  TimestampRule,
  WebhookScheme,
} from "./scheme.ts";
export { signWebhook, type WebhookToSign } from "./sign.ts";
export { type Refusal, type Verdict, verifyWebhook, type WebhookRequest } from "./verify.ts";
