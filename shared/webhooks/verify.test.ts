import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "./fixtures.json" with { type: "json" };
import type { Trust, Verdict, WebhookRequest } from "./request.ts";
import { schemeDefect, type WebhookScheme } from "./scheme.ts";
import { signWebhook } from "./sign.ts";
import { NOW_MS } from "./conformance/tamper.ts";
import { noDocuments, vendorKeys } from "./conformance/vendor-keys.ts";
import { type Vendor, vendors } from "./conformance/vendors.ts";
import { verifyWebhook } from "./verify.ts";
import { twilioContents } from "./verify/twilio.ts";

const encoder = new TextEncoder();
const accepted: Verdict = { ok: true };
const secret = "correct horse battery staple";

function schemeOf(name: string): WebhookScheme {
  const vendor = vendors.find((candidate) => candidate.name.split(", ").includes(name));
  if (vendor === undefined) throw new Error(`no vendor ${name}`);
  return vendor.scheme;
}

function trusting(secrets: readonly string[], nowMs = NOW_MS): Trust {
  return { secrets, nowMs, documents: noDocuments };
}

function post(headers: Record<string, string>, body: string): WebhookRequest {
  return {
    method: "POST",
    url: "https://hooks.example.com/hook",
    headers,
    body: encoder.encode(body),
  };
}

function withHeader(request: WebhookRequest, name: string, value: string): WebhookRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

describe("vectors of the vendors", () => {
  it.each([
    ["Slack", vectors.slack],
    ["GitHub", vectors.github],
    ["OpenAI", vectors.openai],
    ["Standard Webhooks", vectors.standardWebhooks],
    ["SendGrid", vectors.sendgrid],
  ] as const)("%s", async (name, vector) => {
    const scheme = schemeOf(name);
    const request = post(vector.headers, vector.body);
    const verdict = (given: WebhookRequest, key: string): Promise<Verdict> =>
      verifyWebhook(scheme, given, trusting([key], vector.nowSeconds * 1000));
    expect(await verdict(request, vector.secret)).toEqual(accepted);
    expect((await verdict(request, `${vector.secret}x`)).ok).toBe(false);
    expect((await verdict(post(vector.headers, `${vector.body} `), vector.secret)).ok).toBe(false);
  });

  it("Twilio, whose example has a secret that is too short to be one", async () => {
    const { url, headers, body, secret: key } = vectors.twilio;
    const request = { ...post(headers, body), url };
    const signatures = twilioContents(request).map((content) =>
      createHmac("sha1", key).update(content).digest("base64"),
    );
    expect(signatures).toContain(headers["x-twilio-signature"]);
    const scheme: WebhookScheme = { kind: "twilio", header: "x-twilio-signature" };
    expect(await verifyWebhook(scheme, request, trusting([key]))).toEqual({
      ok: false,
      reason: "no-secret",
    });
  });
});

/** A vendor that signs, and a connection that believes it. */
function meet({ scheme, asymmetric, headers = {}, body }: Vendor) {
  const { signing, secret: known, documents } = vendorKeys(scheme, NOW_MS, asymmetric);
  const text = body?.("opened", NOW_MS) ?? '{"action":"opened","number":2}';
  return {
    text,
    known,
    sign: (bytes: Uint8Array): WebhookRequest =>
      signWebhook(scheme, { body: bytes, nowMs: NOW_MS, id: "msg_2x4", headers }, signing),
    verdict: (given: WebhookRequest, secrets = [known]): Promise<Verdict> =>
      verifyWebhook(scheme, given, { secrets, nowMs: NOW_MS, documents }),
  };
}

it.each(vendors)("$name is closed without a secret and open for two", async (vendor) => {
  const { text, known, sign, verdict } = meet(vendor);
  const request = sign(encoder.encode(text));
  for (const secrets of [[], [""], ["hunter2"], ["", "whsec_"]]) {
    expect((await verdict(request, secrets)).ok).toBe(false);
  }
  expect(await verdict(request, ["another secret of good length", known])).toEqual(accepted);
});

const anyBody = vendors.filter(({ coversBody, body }) => coversBody && body === undefined);
it.each(anyBody)("$name signs any bytes, and no rewritten JSON", async (vendor) => {
  const { text, sign, verdict } = meet(vendor);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
      expect(await verdict(sign(bytes))).toEqual(accepted);
    }),
    { numRuns: 50 },
  );
  const request = sign(encoder.encode(text));
  for (const rewritten of [
    JSON.stringify(JSON.parse(text), undefined, 2),
    text.replace("opened", "\\u006fpened"),
    `\uFEFF${text}`,
  ]) {
    expect((await verdict({ ...request, body: encoder.encode(rewritten) })).ok).toBe(false);
  }
});

describe("times", () => {
  it.each([
    ["Slack", 300_000],
    ["Linear", 60_000],
    ["HubSpot", 300_000],
    ["Stripe", 300_000],
    ["SendGrid", 600_000],
    ["Discord", 300_000],
    ["Amazon SNS", 3_600_000],
  ] as const)("of %s hold for %i ms, in the past and in the future", async (name, toleranceMs) => {
    const vendor = vendors.find((candidate) => candidate.name.startsWith(name));
    if (vendor === undefined) throw new Error("no vendor");
    const { secret: known, documents, signing } = vendorKeys(vendor.scheme, NOW_MS);
    const body = encoder.encode(vendor.body?.("x", NOW_MS) ?? "{}");
    const request = signWebhook(vendor.scheme, { body, nowMs: NOW_MS }, signing);
    const at = (offsetMs: number): Promise<Verdict> =>
      verifyWebhook(vendor.scheme, request, {
        secrets: [known],
        nowMs: NOW_MS + offsetMs,
        documents,
      });
    expect(await at(toleranceMs)).toEqual(accepted);
    expect(await at(-toleranceMs)).toEqual(accepted);
    expect(await at(toleranceMs + 1)).toEqual({ ok: false, reason: "stale" });
    expect(await at(-toleranceMs - 1)).toEqual({ ok: false, reason: "stale" });
  });

  it("have one spelling", async () => {
    const scheme = schemeOf("Slack");
    const request = signWebhook(scheme, { body: encoder.encode("{}"), nowMs: NOW_MS }, secret);
    const name = "x-slack-request-timestamp";
    const value = request.headers[name] ?? "";
    for (const changed of [` ${value}`, `+${value}`, `${value}.0`, `${value}e0`, "١٢٣٤٥٦٧٨٩٠"]) {
      const verdict = await verifyWebhook(
        scheme,
        withHeader(request, name, changed),
        trusting([secret]),
      );
      expect([changed, verdict]).toEqual([changed, { ok: false, reason: "malformed-timestamp" }]);
    }
  });
});

describe("lists of signatures", () => {
  const scheme = schemeOf("PagerDuty");
  const request = signWebhook(scheme, { body: encoder.encode("{}"), nowMs: NOW_MS }, secret);
  const value = request.headers["x-pagerduty-signature"] ?? "";
  const wrong = `v1=${"0".repeat(64)}`;
  const verdict = (header: string): Promise<Verdict> =>
    verifyWebhook(scheme, withHeader(request, "x-pagerduty-signature", header), trusting([secret]));

  it("are valid if one is, for rotation, and skip other versions", async () => {
    expect(await verdict(`${wrong},${value}`)).toEqual(accepted);
    expect(await verdict(`${value},v2=abc`)).toEqual(accepted);
  });

  it("are refused when none is valid, one is malformed, or there are too many", async () => {
    for (const header of [
      wrong,
      `v0=${value.slice(3)}`,
      `${value},v1=zz`,
      [value, ...Array.from({ length: 5 }, () => wrong)].join(","),
    ]) {
      expect((await verdict(header)).ok).toBe(false);
    }
  });

  it("of Stripe take any v1, never a v0 and never a second time", async () => {
    const stripe = schemeOf("Stripe");
    const signed = signWebhook(stripe, { body: encoder.encode("{}"), nowMs: NOW_MS }, secret);
    const header = signed.headers["stripe-signature"] ?? "";
    const [time = "", signature = ""] = header.split(",");
    const stripeVerdict = async (given: string): Promise<boolean> =>
      (
        await verifyWebhook(
          stripe,
          withHeader(signed, "stripe-signature", given),
          trusting([secret]),
        )
      ).ok;
    expect(await stripeVerdict(`${time},${wrong},${signature},v0=abc`)).toBe(true);
    expect(await stripeVerdict(`${time},${signature.replace("v1", "v0")}`)).toBe(false);
    expect(await stripeVerdict(`${time},${time},${signature}`)).toBe(false);
    expect(await stripeVerdict(`t=1795262399,${time},${signature}`)).toBe(false);
    expect(await stripeVerdict(signature)).toBe(false);
  });
});

describe("signed ids", () => {
  it("must be there, and cannot lend the delimiter", async () => {
    const scheme = schemeOf("Standard Webhooks");
    const key = `whsec_${Buffer.from(secret).toString("base64")}`;
    const webhook = { body: encoder.encode("{}"), nowMs: NOW_MS, id: "msg_2x4" };
    const request = signWebhook(scheme, webhook, key);
    const verdict = (id: string): Promise<Verdict> =>
      verifyWebhook(scheme, withHeader(request, "webhook-id", id), trusting([key]));
    expect(await verdict("")).toEqual({ ok: false, reason: "missing-id" });
    expect(await verdict("msg_2x5")).toEqual({ ok: false, reason: "wrong-signature" });
    for (const id of ["msg.1", "msg_2x4, msg_2x4", "msg 1", "x".repeat(129)]) {
      expect(await verdict(id)).toEqual({ ok: false, reason: "malformed-id" });
    }
  });
});

describe("Twilio's addresses", () => {
  it.each([
    "https://a.example.com/hook?x=it's",
    "https://a.example.com:443/hook?x=it's",
    "https://a.example.com/hook?x=it%27s",
  ])("are tried as %s", (url) => {
    const signed = { ...post({}, ""), url: "https://a.example.com/hook?x=it's" };
    expect(twilioContents(signed)).toContain(url);
  });
});

describe("no proof", () => {
  it("is accepted only where there is the credential to make up for it", async () => {
    const scheme: WebhookScheme = {
      kind: "none",
      control: "refetch",
      why: "the vendor signs nothing",
    };
    expect(await verifyWebhook(scheme, post({}, "{}"), trusting([""]))).toEqual({
      ok: false,
      reason: "no-secret",
    });
    expect(await verifyWebhook(scheme, post({}, "{}"), trusting(["token"]))).toEqual(accepted);
  });
});

describe("schemes that prove too little", () => {
  const signed = { algorithm: "sha256", encoding: "hex", header: "x-signature" } as const;
  const body = [{ part: "body" }] as const;
  const timestamp = { header: "x-time", unit: "seconds", toleranceSeconds: 300 } as const;
  it.each<[string, WebhookScheme]>([
    ["does not have the body signed", { kind: "hmac", ...signed, content: ["x"] }],
    ["does not have its time signed", { kind: "hmac", ...signed, timestamp, content: body }],
    ["does not have its id signed", { kind: "hmac", ...signed, idHeader: "x-id", content: body }],
    [
      "does not have its time signed",
      {
        kind: "list",
        ...signed,
        timestampKey: "t",
        signatureKey: "v1",
        toleranceSeconds: 300,
        content: body,
      },
    ],
    [
      "takes tokens of a published key; name their issuers",
      {
        kind: "jwt",
        header: "authorization",
        keys: { jwks: "https://keys.example.com", algorithms: ["RS256"], who: ["sub"] },
        toleranceSeconds: 60,
      },
    ],
  ])("%s", (defect, scheme) => {
    expect(schemeDefect(scheme)).toBe(defect);
  });

  it("are none of the vendors'", () => {
    expect(vendors.filter(({ scheme }) => schemeDefect(scheme) !== undefined)).toEqual([]);
  });
});

it("signs with no secret that nobody would accept", () => {
  const webhook = { body: encoder.encode("{}"), nowMs: NOW_MS };
  expect(() => signWebhook(schemeOf("GitHub"), webhook, "hunter2")).toThrow("too short");
});
