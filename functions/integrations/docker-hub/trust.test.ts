import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  checkSignature,
  type Facts,
  judge,
  type Policy,
  readKeys,
  type Signature,
} from "./trust.ts";

const digest = `sha256:${"a".repeat(64)}`;
const pair = (namedCurve = "P-256") => generateKeyPairSync("ec", { namedCurve });
const [release, ci] = [pair(), pair()];
const pem = (key: KeyObject): string => String(key.export({ type: "spki", format: "pem" }));
const der = (key: KeyObject): string =>
  key.export({ type: "spki", format: "der" }).toString("base64");

const policy: Policy = {
  keys: [
    { name: "release", publicKey: pem(release.publicKey) },
    { name: "ci", publicKey: der(ci.publicKey) },
  ],
  denyUnsigned: true,
};
const keys = readKeys(policy);

function payloadOf(of = digest, type = "cosign container image signature"): Buffer {
  const identity = { "docker-reference": "index.docker.io/acme/app" };
  const critical = { identity, image: { "docker-manifest-digest": of }, type };
  return Buffer.from(JSON.stringify({ critical, optional: null }));
}

function signed(payload: Buffer, key: KeyObject): string {
  return sign("sha256", payload, key).toString("base64");
}

describe("a signature", () => {
  const payload = payloadOf();

  it.each([
    ["release", release.privateKey],
    ["ci", ci.privateKey],
  ])("is whose key verifies it: %s", (key, privateKey) => {
    expect(checkSignature(keys, digest, payload, signed(payload, privateKey))).toEqual({
      key,
      signedAs: "index.docker.io/acme/app",
      problem: null,
    });
  });

  it("of a stranger, of other bytes, or that is none at all has no key", () => {
    const nobody = { key: null, signedAs: null, problem: "unknown_key" };
    const good = signed(payload, release.privateKey);
    const bytes = Buffer.from(good, "base64");
    expect(checkSignature(keys, digest, payload, signed(payload, pair().privateKey))).toEqual(
      nobody,
    );
    expect(checkSignature(keys, digest, payloadOf(`sha256:${"b".repeat(64)}`), good)).toEqual(
      nobody,
    );
    for (const broken of ["", "AAAA", good.slice(0, 40), bytes.toString("hex")]) {
      expect(checkSignature(keys, digest, payload, broken)).toEqual(nobody);
    }
    for (let index = 0; index < bytes.length; index++) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      expect(checkSignature(keys, digest, payload, flipped.toString("base64")).key).toBeNull();
    }
  });

  it("for another image, or of another kind, counts for nobody", () => {
    const other = payloadOf(`sha256:${"b".repeat(64)}`);
    expect(checkSignature(keys, digest, other, signed(other, ci.privateKey))).toEqual({
      key: null,
      signedAs: "index.docker.io/acme/app",
      problem: "other_image",
    });
    for (const odd of [payloadOf(digest, "atomic container signature"), Buffer.from("{}")]) {
      const { key, problem } = checkSignature(keys, digest, odd, signed(odd, ci.privateKey));
      expect([key, problem]).toEqual([null, "malformed"]);
    }
  });
});

describe("keys", () => {
  const wrong = { code: "invalid_argument", origin: "caller" };

  it.each([
    ["of another curve", der(pair("P-384").publicKey)],
    ["of another kind", der(generateKeyPairSync("ed25519").publicKey)],
    ["that are private", pair().privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
    ["that are none", "A".repeat(120)],
  ])("%s are refused", (_, publicKey) => {
    const given = { ...policy, keys: [{ name: "k", publicKey }] };
    expect(() => readKeys(given)).toThrow(expect.objectContaining(wrong));
  });

  it("have different names, and are all there that are required", () => {
    const twice = { ...policy, keys: policy.keys.map((key) => ({ ...key, name: "one" })) };
    expect(() => readKeys(twice)).toThrow(expect.objectContaining(wrong));
    expect(() => readKeys({ ...policy, requiredKeys: ["other"] })).toThrow('"other" is required');
  });
});

const by = (key: string): Signature => ({ key, signedAs: "x", problem: null });

describe("a policy", () => {
  const nowMs = Date.parse("2026-11-20T12:00:00Z");
  const stranger: Signature = { key: null, signedAs: null, problem: "unknown_key" };
  const facts: Facts = {
    repository: "acme/app",
    signatures: [by("release")],
    createdAtMs: nowMs - 3 * 86_400_000,
    nowMs,
  };

  it.each<[string, Partial<Policy>, Partial<Facts>, readonly string[]]>([
    ["allows what one of its keys signed", {}, {}, []],
    ["allows it beside signatures of others", {}, { signatures: [stranger, by("ci")] }, []],
    ["denies what nobody signed", {}, { signatures: [] }, ["unsigned"]],
    ["may allow what nobody signed", { denyUnsigned: false }, { signatures: [] }, []],
    [
      "never allows what only others signed",
      { denyUnsigned: false },
      { signatures: [stranger] },
      ["signature_invalid"],
    ],
    ["wants every required key", { requiredKeys: ["release", "ci"] }, {}, ["key_missing"]],
    [
      "is content with all of them",
      { requiredKeys: ["release", "ci"] },
      { signatures: [by("ci"), by("release")] },
      [],
    ],
    ["knows repositories by name", { repositories: ["acme/app"] }, {}, []],
    ["and by namespace", { repositories: ["acme/*"] }, {}, []],
    ["and no others", { repositories: ["acme/ap", "acm/*"] }, {}, ["repository_not_allowed"]],
    ["allows what is young", { maxAgeDays: 3 }, {}, []],
    ["denies what is old", { maxAgeDays: 2.9 }, {}, ["too_old"]],
    ["denies what has no age", { maxAgeDays: 9 }, { createdAtMs: undefined }, ["age_unknown"]],
    [
      "denies what comes from the future",
      { maxAgeDays: 9 },
      { createdAtMs: nowMs + 1 },
      ["age_unknown"],
    ],
    [
      "tells all its reasons",
      { repositories: ["other/*"], maxAgeDays: 1 },
      { signatures: [] },
      ["repository_not_allowed", "unsigned", "too_old"],
    ],
  ])("%s", (_, change, found, reasons) => {
    expect(judge({ ...policy, ...change }, { ...facts, ...found })).toEqual(reasons);
  });
});
