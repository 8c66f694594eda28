import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { Fault } from "#shared/errors";
import * as z from "zod";
import { parse } from "./manifest.ts";

const keyName = z.string().regex(/^[\w.-]{1,64}$/);

/** When an image may be used. */
export const policy = z.object({
  keys: z
    .array(
      z.object({
        name: keyName,
        /** P-256, as `cosign generate-key-pair` makes it: PEM, or the base64 within. */
        publicKey: z.string().min(80).max(1_000),
      }),
    )
    .min(1)
    .max(10),
  /** All of these must have signed; any one of `keys` where it is left out. */
  requiredKeys: z.array(keyName).min(1).max(10).optional(),
  /** `namespace/name` or `namespace/*`; any where it is left out. */
  repositories: z
    .array(z.string().regex(/^[\w.-]+\/(?:\*|[\w.-]+)$/))
    .min(1)
    .max(100)
    .optional(),
  /** Since the image, and the oldest of its platforms, was built. */
  maxAgeDays: z.number().positive().max(3_650).optional(),
  /** Whether an image without any signature is denied; one with wrong signatures always is. */
  denyUnsigned: z.boolean(),
});
export type Policy = z.infer<typeof policy>;

/** Why an image is not trusted. */
export const reason = z.enum([
  "age_unknown",
  "key_missing",
  "repository_not_allowed",
  "signature_invalid",
  "too_old",
  "unsigned",
]);
type Reason = z.infer<typeof reason>;

/** A signature as it was found: whose it is, or what is wrong with it. */
export const Signature = z.object({
  key: z.string().nullable(),
  /** The name under which the image was signed. */
  signedAs: z.string().nullable(),
  problem: z.enum(["malformed", "unknown_key", "other_image"]).nullable(),
});
export type Signature = z.infer<typeof Signature>;

/** The verdict of a policy on an image. */
export const Verdict = z.object({
  digest: z.string(),
  trusted: z.boolean(),
  reasons: z.array(reason),
  signatures: z.array(Signature),
  createdAt: z.string().nullable(),
});
export type Verdict = z.infer<typeof Verdict>;

/** What is known of an image. */
export type Facts = {
  readonly repository: string;
  readonly signatures: readonly Signature[];
  /** `undefined` where nobody knows. */
  readonly createdAtMs: number | undefined;
  readonly nowMs: number;
};

const DAY_MS = 86_400_000;

/** Every reason for which a policy denies an image; none if it allows it. Pure. */
export function judge(given: Policy, facts: Facts): readonly Reason[] {
  const signers = new Set(facts.signatures.flatMap(({ key }) => key ?? []));
  const missing = (given.requiredKeys ?? []).some((name) => !signers.has(name));
  const signed = facts.signatures.length > 0;
  const reasons: readonly (Reason | false)[] = [
    !allows(given, facts.repository) && "repository_not_allowed",
    !signed && given.denyUnsigned && "unsigned",
    signed && signers.size === 0 && "signature_invalid",
    signers.size > 0 && missing && "key_missing",
    ageOf(given, facts),
  ];
  return reasons.filter((one) => one !== false);
}

function allows({ repositories }: Policy, repository: string): boolean {
  const [space = ""] = repository.split("/");
  return repositories?.some((one) => one === repository || one === `${space}/*`) ?? true;
}

function ageOf({ maxAgeDays }: Policy, { createdAtMs, nowMs }: Facts): Reason | false {
  if (maxAgeDays === undefined) return false;
  if (createdAtMs === undefined || createdAtMs > nowMs) return "age_unknown";
  return nowMs - createdAtMs > maxAgeDays * DAY_MS && "too_old";
}

/** Keys by name. */
export type Keys = ReadonlyMap<string, KeyObject>;

/** Reads the keys of a policy. Throws `invalid_argument` from `caller` for what is no P-256 key, or is required and not there. */
export function readKeys({ keys, requiredKeys = [] }: Policy): Keys {
  const read = new Map(keys.map(({ name, publicKey }) => [name, readKey(name, publicKey)]));
  if (read.size !== keys.length) throw wrongKey("two keys have one name");
  const missing = requiredKeys.find((name) => !read.has(name));
  if (missing !== undefined) throw wrongKey(`"${missing}" is required and not among the keys`);
  return read;
}

function readKey(name: string, text: string): KeyObject {
  const der = Buffer.from(text.replaceAll(/-----[A-Z ]+-----|\s/g, ""), "base64");
  try {
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return key;
  } catch {
    // Says the same as a key of another kind.
  }
  throw wrongKey(`"${name}" is no public key of the curve P-256`);
}

function wrongKey(what: string): Fault {
  return new Fault("invalid_argument", `docker-hub.trust: ${what}; correct the policy`, {
    origin: "caller",
    details: { field: "policy.keys" },
  });
}

/** https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#simple-signing */
const Payload = z.object({
  critical: z.object({
    identity: z.object({ "docker-reference": z.string() }),
    image: z.object({ "docker-manifest-digest": z.string() }),
    type: z.literal("cosign container image signature"),
  }),
});

/** Verifies one signature over its payload, and that this is about `digest`. */
export function checkSignature(
  keys: Keys,
  digest: string,
  payload: Uint8Array,
  signature: string,
): Signature {
  const bytes = Buffer.from(signature, "base64");
  const signer = [...keys].find(([, key]) => verify("sha256", payload, key, bytes))?.[0];
  if (signer === undefined) return { key: null, signedAs: null, problem: "unknown_key" };
  const parsed = Payload.safeParse(parse(payload));
  if (!parsed.success) return { key: null, signedAs: null, problem: "malformed" };
  const { identity, image } = parsed.data.critical;
  const signedAs = identity["docker-reference"];
  return image["docker-manifest-digest"] === digest
    ? { key: signer, signedAs, problem: null }
    : { key: null, signedAs, problem: "other_image" };
}
