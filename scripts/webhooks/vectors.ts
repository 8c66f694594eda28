import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { WebhookRequest, WebhookScheme } from "#shared/webhooks";
import * as z from "zod";
import { vendors } from "../../shared/webhooks/conformance/vendors.ts";
import { noDocuments } from "../../shared/webhooks/conformance/vendor-keys.ts";
import { verifyWebhook } from "../../shared/webhooks/verify.ts";
import { twilioContents } from "../../shared/webhooks/verify/twilio.ts";
import type { Judged } from "./payloads.ts";

const Vector = z.object({
  vendor: z.string(),
  secret: z.string().optional(),
  public_key_spki_b64: z.string().optional(),
  timestamp: z.string().optional(),
  id: z.string().optional(),
  url: z.string().optional(),
  body: z.string().optional(),
  params: z.record(z.string(), z.string()).optional(),
  signature: z.string(),
});

type Vector = z.infer<typeof Vector>;

/** Which of our vendors a vector is for, and the headers that carry its parts. */
const carriers: Readonly<
  Record<string, { name: string; signature: string; timestamp?: string; id?: string }>
> = {
  slack: { name: "Slack", signature: "x-slack-signature", timestamp: "x-slack-request-timestamp" },
  github: { name: "GitHub, Meta", signature: "x-hub-signature-256" },
  openai: {
    name: "Standard Webhooks, GitLab, OpenAI",
    signature: "webhook-signature",
    timestamp: "webhook-timestamp",
    id: "webhook-id",
  },
  sendgrid: {
    name: "SendGrid",
    signature: "x-twilio-email-event-webhook-signature",
    timestamp: "x-twilio-email-event-webhook-timestamp",
  },
};

/** Verifies every vector of a file with the engine, and refuses it with one byte more. */
export async function judgeVectors(file: string): Promise<readonly Judged[]> {
  const vectors = z.array(Vector).parse(JSON.parse(readFileSync(file, "utf8")));
  return Promise.all(
    vectors.map(async (vector) => ({ name: vector.vendor, refusal: await judgeVector(vector) })),
  );
}

async function judgeVector(vector: Vector): Promise<string | undefined> {
  const [vendor = ""] = vector.vendor.split(" ");
  if (vendor === "twilio") return judgeTwilio(vector);
  const carrier = carriers[vendor === "standard-webhooks" ? "openai" : vendor];
  const scheme = vendors.find(({ name }) => name === carrier?.name)?.scheme;
  if (carrier === undefined || scheme === undefined) return "no scheme of ours is for it";
  const { body = "", timestamp, id } = vector;
  const headers = {
    [carrier.signature]: vector.signature,
    ...(carrier.timestamp === undefined || timestamp === undefined
      ? {}
      : { [carrier.timestamp]: timestamp }),
    ...(carrier.id === undefined || id === undefined ? {} : { [carrier.id]: id }),
  };
  const request = {
    method: "POST",
    url: "https://hooks.example.com/",
    headers,
    body: Buffer.from(body),
  };
  const refused = await verdictOf(scheme, request, vector);
  const longer = await verdictOf(scheme, { ...request, body: Buffer.from(`${body} `) }, vector);
  return refused ?? (longer === undefined ? "accepted with another body, too" : undefined);
}

async function verdictOf(
  scheme: WebhookScheme,
  request: WebhookRequest,
  { secret, public_key_spki_b64: publicKey, timestamp }: Vector,
): Promise<string | undefined> {
  const nowMs = Number(timestamp ?? 0) * 1000;
  const trust = { secrets: [secret ?? publicKey ?? ""], nowMs, documents: noDocuments };
  const verdict = await verifyWebhook(scheme, request, trust);
  return verdict.ok ? undefined : verdict.reason;
}

/** Its example has a secret of five characters, which the engine refuses: what would be signed is compared instead. */
function judgeTwilio({
  url = "",
  params = {},
  secret = "",
  signature,
}: Vector): string | undefined {
  const body = Buffer.from(new URLSearchParams(params).toString());
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const contents = twilioContents({ method: "POST", url, headers, body });
  const signatures = contents.map((content) =>
    createHmac("sha1", secret).update(content).digest("base64"),
  );
  return signatures.includes(signature) ? undefined : "wrong-signature";
}
