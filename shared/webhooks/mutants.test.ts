import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { seededRandom } from "#shared/testing";
import { afterAll, expect, it } from "vitest";
import { genuine, tamper, type Verify } from "./conformance/tamper.ts";
import { vendors } from "./conformance/vendors.ts";

/** A defect that was made in a real verifier somewhere, as a change of ours: the tampering must notice it. */
type Mutant = readonly [defect: string, vendor: string, file: string, from: string, to: string];

const mutants: readonly Mutant[] = [
  [
    "believes any time",
    "Slack",
    "timestamp.ts",
    "isTimely(atMs, rule.toleranceSeconds, nowMs) ?",
    "true ?",
  ],
  ["believes the future", "Slack", "timestamp.ts", "Math.abs(nowMs - atMs)", "(nowMs - atMs)"],
  [
    "forgets a time in the body",
    "Linear",
    "verify/computed.ts",
    "timely.ok ? accepted : timely",
    "accepted",
  ],
  [
    "compares a prefix",
    "GitHub, Meta",
    "key.ts",
    "return expected.length === given.length && timingSafeEqual(expected, given)",
    "return timingSafeEqual(expected.subarray(0, given.length), given)",
  ],
  [
    "decodes leniently",
    "Shopify",
    "encoding.ts",
    "bytes.length > 0 && bytes.toString(encoding) === text",
    "bytes.length > 0",
  ],
  ["ignores the encoding", "Asana", "verify.ts", 'encoding !== "identity"', "false"],
  ["signs no body", "Zoom", "content.ts", "return parts.body;", "return Buffer.alloc(0);"],
  ["signs no address", "HubSpot", "content.ts", 'decodeOnly(parts.url, part.decoded ?? "")', '""'],
  [
    "accepts a wrong signature",
    "PagerDuty",
    "verify/computed.ts",
    "if (!signatures.some((signature) => check(content, signature)))",
    "if (signatures.length === 0)",
  ],
  [
    "accepts a missing signature",
    "MongoDB Atlas",
    "verify/computed.ts",
    "if (!proof.ok) return proof;",
    "if (!proof.ok) return accepted;",
  ],
  [
    "accepts without a secret",
    "Grafana",
    "verify/computed.ts",
    'refused ?? refuse("no-secret")',
    "refused ?? accepted",
  ],
  [
    "accepts any Ed25519",
    "Discord",
    "verify/computed.ts",
    "verify(algorithm, content, key, signature)",
    "signature.length === 64",
  ],
  [
    "accepts any ECDSA",
    "SendGrid",
    "verify/computed.ts",
    "verify(algorithm, content, key, signature)",
    "signature.length > 8",
  ],
  [
    "accepts any v1a",
    "Standard Webhooks with Ed25519",
    "verify/computed.ts",
    "verify(algorithm, content, key, signature)",
    "true",
  ],
  [
    "takes the first parameter",
    "Docker Hub",
    "place.ts",
    "more.length === 0 ? value : undefined",
    "value",
  ],
  [
    "knows secrets by their start",
    "GitLab before 2026",
    "key.ts",
    "const wanted = digest(given);",
    "const wanted = digest(given.slice(0, secrets[0]?.length));",
  ],
  [
    "asks for one item's secret",
    "Microsoft Graph",
    "verify/static.ts",
    "given.every((value)",
    "given.some((value)",
  ],
  ["forgets the form", "Twilio, form", "verify/twilio.ts", "spelling + parameters", "spelling"],
  ["forgets the hash", "Twilio, JSON", "verify/twilio.ts", ": !hashed", ": false"],
  [
    "believes every topic",
    "Amazon SNS, version 2",
    "verify/sns.ts",
    'isOneOf(topics, read("TopicArn") ?? "")',
    "true",
  ],
  [
    "believes old messages",
    "Amazon SNS, version 1",
    "verify/sns.ts",
    "!isTimely(",
    "false && !isTimely(",
  ],
  [
    "checks no signature",
    "Amazon SNS, version 1",
    "verify/sns.ts",
    "return valid ?",
    "return true ?",
  ],
  ["checks no signature", "Pub/Sub push", "token.ts", "return verify(", "return true || verify("],
  [
    "checks no signature in a body",
    "Identity Platform, blocking functions",
    "token.ts",
    "return verify(",
    "return true || verify(",
  ],
  [
    "takes any issuer",
    "Identity Platform, blocking functions",
    "verify/jwt.ts",
    "!isOneOf(trust.secrets, named.join",
    "false && isOneOf(trust.secrets, named.join",
  ],
  [
    "checks no shared signature",
    "Monday",
    "verify/jwt.ts",
    "const valid = keys.some(",
    "const valid = true || keys.some(",
  ],
  [
    "believes every account",
    "Pub/Sub push",
    "verify/jwt.ts",
    "!isOneOf(trust.secrets, named.join",
    "false && isOneOf(trust.secrets, named.join",
  ],
  ["forgets the audience", "Monday", "verify/jwt.ts", 'who.includes("aud") ||', "true ||"],
  [
    "forgets the end",
    "Event Grid with Entra",
    "verify/jwt.ts",
    "expires + toleranceSeconds <= now",
    "false",
  ],
  ["forgets the beginning", "a token with ES256", "verify/jwt.ts", "if (!begun ||", "if ("],
];

const folder = fileURLToPath(new URL("./", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "webhook-mutants-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

it.each(mutants.map((mutant, index) => [...mutant, index] as const))(
  "a verifier that %s is caught at %s",
  async (__, name, file, from, to, index) => {
    const verify = await load(file, from, to, index);
    const vendor = vendors.find((candidate) => candidate.name === name);
    if (vendor === undefined) throw new Error(`no vendor ${name}`);
    const random = seededRandom(20_261_121);
    const requests = genuine(vendor, 5, random);
    let caught = false;
    for (const { request, trust } of requests) {
      caught ||= !(await verify(vendor.scheme, request, trust)).ok;
    }
    for (let number = 0; number < 5_000 && !caught; number++) {
      const [given, other] = [requests[number % 5], requests[(number + 2) % 5]];
      if (given === undefined || other === undefined) throw new Error("no request");
      const { request, trust } = tamper(given, other, random);
      const verdict = await verify(vendor.scheme, request, trust).catch(() => undefined);
      caught = verdict?.ok === true;
    }
    expect(caught).toBe(true);
  },
);

/** The engine with one change, from a copy of its files. */
async function load(file: string, from: string, to: string, index: number): Promise<Verify> {
  const copy = mkdtempSync(join(scratch, `${index}-`));
  mkdirSync(join(copy, "verify"));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((each) => /^(?:verify\/)?[a-z-]+\.ts$/.test(each))) {
    const source = readFileSync(join(folder, name), "utf8");
    const parts = source.split(from);
    if (name === file && parts.length !== 2) throw new Error(`${file} no longer holds: ${from}`);
    writeFileSync(join(copy, name), name === file ? parts.join(to) : source);
  }
  const module: { verifyWebhook: Verify } = await import(
    pathToFileURL(join(copy, "verify.ts")).href
  );
  return module.verifyWebhook;
}
