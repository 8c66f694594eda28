import type { ContentPart, HmacScheme, WebhookScheme } from "../scheme.ts";

/** A vendor's way to prove its webhooks, and how its requests look. */
export type Vendor = {
  readonly name: string;
  readonly scheme: WebhookScheme;
  /** Whether the proof covers the body; a secret that is sent along covers nothing. */
  readonly coversBody: boolean;
  readonly coversUrl?: boolean;
  /** The body for some random text. */
  readonly body?: (text: string, nowMs: number) => string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly asymmetric?: boolean;
};

const body: ContentPart = { part: "body" };
const timestamp: ContentPart = { part: "timestamp" };

function hmac(header: string, more: Partial<HmacScheme> = {}): HmacScheme {
  return { kind: "hmac", algorithm: "sha256", encoding: "hex", header, content: [body], ...more };
}

function at(header: string, toleranceSeconds = 300): NonNullable<HmacScheme["timestamp"]> {
  return { header, unit: "seconds", toleranceSeconds };
}

const hubSignature = hmac("x-hub-signature-256", { prefix: "sha256=" });
const form = { "content-type": "application/x-www-form-urlencoded" };
const snsBody = (text: string): string =>
  JSON.stringify({
    Type: "Notification",
    MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    TopicArn: "arn:aws:sns:eu-west-1:123456789012:builds",
    Subject: "A subject",
    Message: text,
    SigningCertURL:
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
  });

const computed: readonly Vendor[] = [
  { name: "GitHub, Meta", scheme: hubSignature, coversBody: true },
  {
    name: "Bitbucket, Jira",
    scheme: hmac("x-hub-signature", { prefix: "sha256=" }),
    coversBody: true,
  },
  { name: "Asana", scheme: hmac("x-hook-signature"), coversBody: true },
  {
    name: "Slack",
    scheme: hmac("x-slack-signature", {
      prefix: "v0=",
      timestamp: at("x-slack-request-timestamp"),
      content: ["v0:", timestamp, ":", body],
    }),
    coversBody: true,
  },
  {
    name: "Zoom",
    scheme: hmac("x-zm-signature", {
      prefix: "v0=",
      timestamp: at("x-zm-request-timestamp"),
      content: ["v0:", timestamp, ":", body],
    }),
    coversBody: true,
  },
  {
    name: "Linear",
    scheme: hmac("linear-signature", {
      timestamp: { field: "webhookTimestamp", unit: "milliseconds", toleranceSeconds: 60 },
    }),
    coversBody: true,
    body: (text, nowMs) => JSON.stringify({ action: text, webhookTimestamp: nowMs }),
  },
  {
    name: "HubSpot",
    scheme: hmac("x-hubspot-signature-v3", {
      encoding: "base64",
      timestamp: {
        header: "x-hubspot-request-timestamp",
        unit: "milliseconds",
        toleranceSeconds: 300,
      },
      // https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests
      content: [{ part: "method" }, { part: "url", decoded: ":/?@!$'()*,;" }, body, timestamp],
    }),
    coversBody: true,
    coversUrl: true,
  },
  {
    name: "Grafana",
    scheme: hmac("x-grafana-alerting-signature", {
      timestamp: at("x-grafana-alerting-timestamp"),
      content: [timestamp, ":", body],
    }),
    coversBody: true,
  },
  {
    name: "PagerDuty",
    scheme: hmac("x-pagerduty-signature", { prefix: "v1=", separator: "," }),
    coversBody: true,
  },
  {
    name: "Shopify",
    scheme: hmac("x-shopify-hmac-sha256", { encoding: "base64" }),
    coversBody: true,
  },
  {
    name: "MongoDB Atlas",
    scheme: hmac("x-mms-signature", { algorithm: "sha1", encoding: "base64" }),
    coversBody: true,
  },
  {
    name: "Teams outgoing",
    scheme: hmac("authorization", { encoding: "base64", prefix: "HMAC ", secret: "base64" }),
    coversBody: true,
  },
  {
    name: "SHA-512 in milliseconds",
    scheme: hmac("x-signature", {
      algorithm: "sha512",
      timestamp: { header: "x-time", unit: "milliseconds", toleranceSeconds: 60 },
      content: [timestamp, body],
    }),
    coversBody: true,
  },
  {
    name: "Stripe",
    scheme: {
      kind: "list",
      algorithm: "sha256",
      encoding: "hex",
      header: "stripe-signature",
      timestampKey: "t",
      signatureKey: "v1",
      toleranceSeconds: 300,
      content: [timestamp, ".", body],
    },
    coversBody: true,
  },
  {
    name: "Standard Webhooks, GitLab, OpenAI",
    scheme: { kind: "standard-webhooks", toleranceSeconds: 300 },
    coversBody: true,
  },
  {
    name: "Standard Webhooks with Ed25519",
    scheme: { kind: "standard-webhooks", toleranceSeconds: 300 },
    coversBody: true,
    asymmetric: true,
  },
  {
    name: "Discord",
    scheme: {
      kind: "ed25519",
      encoding: "hex",
      header: "x-signature-ed25519",
      timestamp: at("x-signature-timestamp"),
      content: [timestamp, body],
    },
    coversBody: true,
  },
  {
    name: "SendGrid",
    scheme: {
      kind: "ecdsa",
      encoding: "base64",
      header: "x-twilio-email-event-webhook-signature",
      timestamp: at("x-twilio-email-event-webhook-timestamp", 600),
      content: [timestamp, body],
    },
    coversBody: true,
  },
];

const others: readonly Vendor[] = [
  {
    name: "Twilio, form",
    scheme: { kind: "twilio", header: "x-twilio-signature" },
    coversBody: true,
    coversUrl: true,
    headers: form,
    body: (text) => new URLSearchParams({ Body: text, From: "+14158675309" }).toString(),
  },
  {
    name: "Twilio, JSON",
    scheme: { kind: "twilio", header: "x-twilio-signature" },
    coversBody: true,
    coversUrl: true,
    headers: { "content-type": "application/json" },
  },
  {
    name: "Amazon SNS, version 1",
    scheme: { kind: "sns", versions: ["1"], toleranceSeconds: 3_600 },
    coversBody: true,
    body: snsBody,
  },
  {
    name: "Amazon SNS, version 2",
    scheme: { kind: "sns", versions: ["1", "2"], toleranceSeconds: 3_600 },
    coversBody: true,
    body: snsBody,
  },
  {
    name: "Pub/Sub push",
    scheme: {
      kind: "jwt",
      header: "authorization",
      prefix: "Bearer ",
      keys: {
        jwks: "https://www.googleapis.com/oauth2/v3/certs",
        algorithms: ["RS256"],
        who: ["email"],
      },
      issuers: ["https://accounts.google.com"],
      claims: { email_verified: true },
      toleranceSeconds: 60,
    },
    coversBody: false,
    coversUrl: true,
  },
  {
    name: "Identity Platform, blocking functions",
    scheme: {
      kind: "jwt",
      field: "data.jwt",
      keys: {
        jwks: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
        algorithms: ["RS256"],
        who: ["iss"],
      },
      issuers: ["{iss}"],
      toleranceSeconds: 60,
    },
    coversBody: true,
    coversUrl: true,
  },
  {
    name: "Event Grid with Entra",
    scheme: {
      kind: "jwt",
      header: "authorization",
      prefix: "Bearer ",
      keys: {
        jwks: "https://login.microsoftonline.com/common/discovery/v2.0/keys",
        algorithms: ["RS256"],
        who: ["tid", "aud"],
      },
      issuers: ["https://login.microsoftonline.com/{tid}/v2.0"],
      // Event Grid's own application: https://learn.microsoft.com/azure/event-grid/secure-webhook-delivery
      claims: { azp: "4962773b-9cdb-44cf-a8bf-237846a00ab7" },
      toleranceSeconds: 60,
    },
    coversBody: false,
  },
  {
    name: "a token with ES256",
    scheme: {
      kind: "jwt",
      header: "x-token",
      keys: { jwks: "https://keys.example.com/jwks", algorithms: ["ES256"], who: ["sub"] },
      issuers: ["https://example.com"],
      toleranceSeconds: 60,
    },
    coversBody: false,
    coversUrl: true,
  },
  {
    name: "Monday",
    scheme: {
      kind: "jwt",
      header: "authorization",
      keys: { shared: ["HS256"] },
      toleranceSeconds: 60,
    },
    coversBody: false,
    coversUrl: true,
  },
  {
    name: "GitLab before 2026",
    scheme: { kind: "static-header", header: "x-gitlab-token" },
    coversBody: false,
  },
  {
    name: "Auth0, New Relic, Datadog",
    scheme: { kind: "static-header", header: "authorization", prefix: "Bearer " },
    coversBody: false,
  },
  {
    name: "Alertmanager",
    scheme: { kind: "static-header", header: "authorization", basic: true },
    coversBody: false,
  },
  {
    name: "Microsoft Graph",
    scheme: { kind: "static-field", field: "value.*.clientState" },
    coversBody: false,
    body: (text) =>
      JSON.stringify({
        value: [text, "b"].map((id) => ({ id, clientState: "user:correct-horse-battery-staple" })),
      }),
  },
  { name: "Docker Hub", scheme: { kind: "url-token", parameter: "token" }, coversBody: false },
];

export const vendors: readonly Vendor[] = [...computed, ...others];
