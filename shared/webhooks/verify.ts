import { accepted, refuse, type Trust, type Verdict, type WebhookRequest } from "./request.ts";
import type { WebhookScheme } from "./scheme.ts";
import { verifyComputed } from "./verify/computed.ts";
import { verifyStatic } from "./verify/static.ts";

/**
 * Decides whether a webhook is the vendor's. Closed by default: without a usable secret nothing is accepted. Compares
 * in constant time. Throws only what fetching the vendor's keys throws, so that the vendor is asked to send again.
 */
export async function verifyWebhook(
  scheme: WebhookScheme,
  request: WebhookRequest,
  trust: Trust,
): Promise<Verdict> {
  // A signature holds over bytes; bytes that somebody must inflate first are not those the vendor signed.
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") return refuse("encoded-body");
  switch (scheme.kind) {
    case "static-header":
    case "static-field":
    case "url-token":
      return verifyStatic(scheme, request, trust.secrets);
    case "none":
      return trust.secrets.some((secret) => secret !== "") ? accepted : refuse("no-secret");
    // Few vendors need these, and an integration starts without what it does not use.
    case "twilio":
      return (await import("./verify/twilio.ts")).verifyTwilio(scheme, request, trust.secrets);
    case "sns":
      return (await import("./verify/sns.ts")).verifySns(scheme, request, trust);
    case "jwt":
      return (await import("./verify/jwt.ts")).verifyJwt(scheme, request, trust);
    default:
      return verifyComputed(scheme, request, trust);
  }
}
