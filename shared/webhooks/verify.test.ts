import { generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "./fixtures.json" with { type: "json" };
import type { WebhookScheme } from "./scheme.ts";
import { signWebhook } from "./sign.ts";
import { type Verdict, verifyWebhook, type WebhookRequest } from "./verify.ts";

const slack: WebhookScheme = {
  kind: "hmac",
  algorithm: "sha256",
  encoding: "hex",
  header: "x-slack-signature",
  prefix: "v0=",
  timestamp: { header: "x-slack-request-timestamp", unit: "seconds", toleranceSeconds: 300 },
  content: ["v0:", { part: "timestamp" }, ":", { part: "body" }],
};
const github: WebhookScheme = {
  kind: "hmac",
  algorithm: "sha256",
  encoding: "hex",
  header: "x-hub-signature-256",
  prefix: "sha256=",
  content: [{ part: "body" }],
};
const standard: WebhookScheme = { kind: "standard-webhooks", toleranceSeconds: 300 };
const pagerduty: WebhookScheme = {
  kind: "hmac",
  algorithm: "sha256",
  encoding: "hex",
  header: "x-pagerduty-signature",
  prefix: "v1=",
  separator: ",",
  content: [{ part: "body" }],
};
const atlas: WebhookScheme = {
  kind: "hmac",
  algorithm: "sha1",
  encoding: "base64",
  header: "x-mms-signature",
  content: [{ part: "body" }],
};
const zoomMilliseconds: WebhookScheme = {
  kind: "hmac",
  algorithm: "sha512",
  encoding: "base64",
  header: "x-signature",
  timestamp: { header: "x-time", unit: "milliseconds", toleranceSeconds: 60 },
  content: [{ part: "timestamp" }, { part: "body" }],
};
const discord: WebhookScheme = {
  kind: "ed25519",
  encoding: "hex",
  header: "x-signature-ed25519",
  timestamp: { header: "x-signature-timestamp", unit: "seconds", toleranceSeconds: 300 },
  content: [{ part: "timestamp" }, { part: "body" }],
};
const gitlab: WebhookScheme = { kind: "static-header", header: "x-gitlab-token" };
const auth0: WebhookScheme = { kind: "static-header", header: "authorization", prefix: "Bearer " };

const encoder = new TextEncoder();
const nowMs = Date.UTC(2026, 10, 21, 12, 0, 0);
const secret = "correct horse battery staple";
const whsec = `whsec_${Buffer.from("correct horse battery staple 123").toString("base64")}`;
const pair = generateKeyPairSync("ed25519");
const privateKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const publicKey = pair.publicKey
  .export({ type: "spki", format: "der" })
  .subarray(-32)
  .toString("hex");

/** Every scheme with the secret it signs with and the one it is verified with. */
const schemes: readonly [string, WebhookScheme, string, string][] = [
  ["slack", slack, secret, secret],
  ["github", github, secret, secret],
  ["standard-webhooks", standard, whsec, whsec],
  ["a list", pagerduty, secret, secret],
  ["sha1 base64", atlas, secret, secret],
  ["sha512 milliseconds", zoomMilliseconds, secret, secret],
  ["ed25519", discord, privateKey, publicKey],
];
const everyScheme: typeof schemes = [
  ...schemes,
  ["a static header", gitlab, secret, secret],
  ["a static header with prefix", auth0, secret, secret],
];

const text = '{"action":"opened","number":2}';

function signed(scheme: WebhookScheme, key: string, body = encoder.encode(text)): WebhookRequest {
  return { body, headers: signWebhook(scheme, { body, nowMs, id: "msg_2x4" }, key) };
}

function withHeader(request: WebhookRequest, name: string, value: string): WebhookRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

function signatureHeader(scheme: WebhookScheme): string {
  return scheme.kind === "standard-webhooks" ? "webhook-signature" : scheme.header;
}

const accepted: Verdict = { ok: true };

describe("vectors of the vendors", () => {
  it.each([
    ["slack", slack, vectors.slack],
    ["github", github, vectors.github],
    ["openai", standard, vectors.openai],
    ["standard-webhooks", standard, vectors.standardWebhooks],
  ] as const)("%s", (_, scheme, vector) => {
    const request: WebhookRequest = { headers: vector.headers, body: encoder.encode(vector.body) };
    const atMs = vector.nowSeconds * 1000;
    expect(verifyWebhook(scheme, request, [vector.secret], atMs)).toEqual(accepted);
    expect(verifyWebhook(scheme, request, [`${vector.secret}x`], atMs).ok).toBe(false);
    const longer = { ...request, body: encoder.encode(`${vector.body} `) };
    expect(verifyWebhook(scheme, longer, [vector.secret], atMs).ok).toBe(false);
  });
});

describe.each(everyScheme)("%s", (_, scheme, signKey, verifyKey) => {
  const request = signed(scheme, signKey);
  const header = signatureHeader(scheme);
  const value = request.headers[header] ?? "";
  const verdict = (changed: WebhookRequest, secrets: readonly string[] = [verifyKey]): Verdict =>
    verifyWebhook(scheme, changed, secrets, nowMs);

  it("accepts what it signed, with the current or the previous secret", () => {
    expect(verdict(request)).toEqual(accepted);
    expect(verdict(request, ["another secret of good length", verifyKey])).toEqual(accepted);
  });

  it.each([
    ["no secret", []],
    ["an empty secret", [""]],
    ["a short secret", ["hunter2"]],
    ["a short secret beside an empty one", ["", "whsec_", "whsec_aGk="]],
  ])("is closed with %s", (__, secrets) => {
    expect(verdict(request, secrets)).toEqual({ ok: false, reason: "no-secret" });
  });

  it("refuses another secret", () => {
    const other = scheme.kind === "ed25519" ? "ab".repeat(32) : `${verifyKey.slice(0, -4)}AAAA`;
    expect(verdict(request, [other]).ok).toBe(false);
  });

  it("refuses every change of the signature header", () => {
    const { [header]: dropped, ...without } = request.headers;
    expect(dropped).toBe(value);
    expect(verdict({ ...request, headers: without })).toEqual({
      ok: false,
      reason: "missing-signature",
    });
    for (const changed of [
      "",
      " ",
      value.slice(0, -1),
      value.slice(0, -2),
      value.slice(1),
      `${value}0`,
      `${value}=`,
      `${value}\n`,
      ` ${value}`,
      `${value} `,
      `${value}, ${value}`,
      `${value};${value}`,
      `x${value}`,
      `undefined${value}`,
      value.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
    ]) {
      expect([changed, verdict(withHeader(request, header, changed)).ok]).toEqual([changed, false]);
    }
  });

  it("refuses an encoded body", () => {
    for (const encoding of ["gzip", "br", "identity, gzip", "GZIP", ""]) {
      expect(verdict(withHeader(request, "content-encoding", encoding))).toEqual({
        ok: false,
        reason: "encoded-body",
      });
    }
    expect(verdict(withHeader(request, "content-encoding", "identity"))).toEqual(accepted);
  });
});

describe.each(schemes)("%s signs the body", (_, scheme, signKey, verifyKey) => {
  const verdict = (request: WebhookRequest): Verdict =>
    verifyWebhook(scheme, request, [verifyKey], nowMs);

  it("and accepts any bytes it signed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        expect(verdict(signed(scheme, signKey, body))).toEqual(accepted);
      }),
    );
  });

  it("and refuses every flipped bit, truncation and extension", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (body, at) => {
        const request = signed(scheme, signKey, body);
        const flipped = Uint8Array.from(body);
        const index = at % body.length;
        flipped[index] = (flipped[index] ?? 0) ^ (1 << (at % 8));
        for (const changed of [flipped, body.slice(0, -1), Uint8Array.from([...body, at % 256])]) {
          expect(verdict({ ...request, body: changed }).ok).toBe(false);
        }
      }),
    );
  });

  it("and refuses every flipped bit of the signature", () => {
    const request = signed(scheme, signKey);
    const header = signatureHeader(scheme);
    const value = request.headers[header] ?? "";
    for (let index = 0; index < value.length; index++) {
      for (let bit = 0; bit < 7; bit++) {
        const code = value.charCodeAt(index) ^ (1 << bit);
        const changed = value.slice(0, index) + String.fromCodePoint(code) + value.slice(index + 1);
        expect([changed, verdict(withHeader(request, header, changed)).ok]).toEqual([
          changed,
          false,
        ]);
      }
    }
  });

  it("and refuses the same JSON written differently", () => {
    const request = signed(scheme, signKey);
    for (const rewritten of [
      JSON.stringify(JSON.parse(text), undefined, 2),
      '{"number":2,"action":"opened"}',
      text.replace("opened", "\\u006fpened"),
      `\ufeff${text}`,
      `${text}\n`,
    ]) {
      expect(verdict({ ...request, body: encoder.encode(rewritten) }).ok).toBe(false);
    }
  });
});

describe.each([
  ["seconds", slack, "x-slack-request-timestamp", 300_000, secret, secret],
  ["milliseconds", zoomMilliseconds, "x-time", 60_000, secret, secret],
  ["standard-webhooks", standard, "webhook-timestamp", 300_000, whsec, whsec],
  ["ed25519", discord, "x-signature-timestamp", 300_000, privateKey, publicKey],
] as const)("timestamps in %s", (_, scheme, header, toleranceMs, signKey, verifyKey) => {
  const request = signed(scheme, signKey);
  const value = request.headers[header] ?? "";
  const at = (ms: number): Verdict => verifyWebhook(scheme, request, [verifyKey], ms);

  it("hold for their tolerance, in the past and in the future", () => {
    expect(at(nowMs + toleranceMs)).toEqual(accepted);
    expect(at(nowMs - toleranceMs)).toEqual(accepted);
    expect(at(nowMs + toleranceMs + 1)).toEqual({ ok: false, reason: "stale" });
    expect(at(nowMs - toleranceMs - 1)).toEqual({ ok: false, reason: "stale" });
  });

  it("are signed", () => {
    const later = String(Number(value) + 1);
    expect(verifyWebhook(scheme, withHeader(request, header, later), [verifyKey], nowMs)).toEqual({
      ok: false,
      reason: "wrong-signature",
    });
  });

  it("have one spelling", () => {
    for (const changed of [
      ` ${value}`,
      `${value} `,
      `+${value}`,
      `0${value}`,
      `${value}.0`,
      `${value}e0`,
      `0x${Number(value).toString(16)}`,
      `${value}, ${value}`,
      value.slice(0, -1),
      `${value}0`,
      "-1",
      "NaN",
      "Infinity",
      "١٢٣٤٥٦٧٨٩٠",
    ]) {
      const given = verifyWebhook(scheme, withHeader(request, header, changed), [verifyKey], nowMs);
      expect([changed, given]).toEqual([changed, { ok: false, reason: "malformed-timestamp" }]);
    }
    const { [header]: dropped, ...without } = request.headers;
    expect(dropped).toBe(value);
    expect(verifyWebhook(scheme, { ...request, headers: without }, [verifyKey], nowMs)).toEqual({
      ok: false,
      reason: "missing-timestamp",
    });
  });
});

describe("short secrets", () => {
  it("open nothing, even to a sender who knows them", () => {
    const body = encoder.encode(text);
    const request = { body, headers: { "x-gitlab-token": "hunter2" } };
    expect(verifyWebhook(gitlab, request, ["hunter2"], nowMs).ok).toBe(false);
    expect(verifyWebhook(gitlab, request, ["hunter2", secret], nowMs).ok).toBe(false);
    expect(() => signWebhook(github, { body, nowMs }, "hunter2")).toThrow("too short");
  });
});

describe("lists of signatures", () => {
  const request = signed(pagerduty, secret);
  const value = request.headers["x-pagerduty-signature"] ?? "";
  const wrong = `v1=${"0".repeat(64)}`;
  const verdict = (header: string): Verdict =>
    verifyWebhook(pagerduty, withHeader(request, "x-pagerduty-signature", header), [secret], nowMs);

  it("are valid if one is, for rotation, and skip other versions", () => {
    expect(verdict(`${wrong},${value}`)).toEqual(accepted);
    expect(verdict(`${value},v2=abc`)).toEqual(accepted);
  });

  it("are refused when none is valid, one is malformed, or there are too many", () => {
    expect(verdict(wrong).ok).toBe(false);
    expect(verdict(`v0=${value.slice(3)}`).ok).toBe(false);
    expect(verdict(`${value},v1=zz`).ok).toBe(false);
    expect(verdict([value, ...Array.from({ length: 5 }, () => wrong)].join(",")).ok).toBe(false);
  });
});

describe("signed ids", () => {
  it("must be there, and cannot lend the delimiter", () => {
    const request = signed(standard, whsec);
    const { "webhook-id": id, ...without } = request.headers;
    expect(id).toBe("msg_2x4");
    expect(verifyWebhook(standard, { ...request, headers: without }, [whsec], nowMs)).toEqual({
      ok: false,
      reason: "missing-id",
    });
    for (const changed of ["msg.1", "msg_2x4, msg_2x4", "msg 1", "x".repeat(129)]) {
      const given = verifyWebhook(
        standard,
        withHeader(request, "webhook-id", changed),
        [whsec],
        nowMs,
      );
      expect(given).toEqual({ ok: false, reason: "malformed-id" });
    }
    expect(
      verifyWebhook(standard, withHeader(request, "webhook-id", "msg_2x5"), [whsec], nowMs).ok,
    ).toBe(false);
  });
});
