import { type Api, type ApiPath, path } from "#shared/integration";
import { isSignedWith, keyNamed, readToken, type Token } from "#shared/webhooks";
import * as z from "zod";
import { findUser, projectOf, User, userOf } from "./client.ts";

/** Who issues a kind of token, and where its keys are published. */
type Issuer = { readonly prefix: string; readonly host: string; readonly keys: ApiPath };

/** https://firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library */
export const idTokens: Issuer = {
  prefix: "https://securetoken.google.com/",
  host: "keys",
  keys: path`/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com`,
};

/** https://firebase.google.com/docs/auth/admin/manage-cookies#verify_session_cookies_using_a_third-party_jwt_library */
export const sessionCookies: Issuer = {
  prefix: "https://session.firebase.google.com/",
  host: "open",
  keys: path`/v1/sessionCookiePublicKeys`,
};

/** A token of a minute ago was still issued by a clock that is right. */
const SKEW_SECONDS = 60;
/** Google lets its keys be kept for some hours; a key that is not among them is looked for again after a minute. */
const KEPT_SECONDS = [86_400, 60] as const;

const Claims = z.looseObject({
  iss: z.string(),
  aud: z.string(),
  sub: z.string().min(1).max(128),
  iat: z.number(),
  exp: z.number(),
  auth_time: z.number(),
});

type Claims = z.infer<typeof Claims>;

const reason = z.enum([
  "malformed",
  "wrong-algorithm",
  "wrong-project",
  "not-yet-valid",
  "expired",
  "unknown-key",
  "wrong-signature",
  "revoked",
  "disabled",
  "no-such-user",
]);

export const input = {
  /** Asks Google, too: whether the user is still there and enabled, and its sessions were not ended since. */
  checkRevoked: z.boolean().default(false),
};

export const Verdict = z.object({
  valid: z.boolean(),
  /** `null` if it is valid. */
  reason: reason.nullable(),
  uid: z.string().nullable(),
  claims: z.record(z.string(), z.json()).nullable(),
  signedInAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  /** As the user is now, where `checkRevoked` asked for that. */
  user: User.nullable(),
});

type Reason = z.infer<typeof reason>;

/** Whether a token is one of this project's users. Nothing is fetched before all else is right. */
export async function verifyToken(
  api: Api,
  issuer: Issuer,
  text: string,
  checkRevoked: boolean,
): Promise<z.infer<typeof Verdict>> {
  const token = readToken(text);
  const claims = Claims.safeParse(token?.claims).data;
  if (token === undefined || claims === undefined) return refuse("malformed");
  const wrong = wrongIn(token, claims, issuer, api) ?? (await wrongSignature(api, issuer, token));
  if (wrong !== undefined) return refuse(wrong);
  const user = checkRevoked ? await findUser(api, { uid: claims.sub }) : undefined;
  const ended = checkRevoked ? endedBy(claims, user) : undefined;
  if (ended !== undefined) return refuse(ended);
  return {
    valid: true,
    reason: null,
    uid: claims.sub,
    claims: z.record(z.string(), z.json()).parse(claims),
    signedInAt: isoTime(claims.auth_time),
    expiresAt: isoTime(claims.exp),
    user: user === undefined ? null : userOf(user),
  };
}

function wrongIn(
  { header }: Token,
  claims: Claims,
  { prefix }: Issuer,
  api: Api,
): Reason | undefined {
  // One algorithm, and no extension that would have to be understood (https://www.rfc-editor.org/rfc/rfc8725#section-3.1).
  if (!("alg" in header) || header.alg !== "RS256" || "crit" in header) return "wrong-algorithm";
  const project = projectOf(api);
  if (claims.aud !== project || claims.iss !== prefix + project) return "wrong-project";
  const now = api.now() / 1_000;
  if (claims.exp <= now) return "expired";
  const begun = Math.max(claims.iat, claims.auth_time) - SKEW_SECONDS <= now;
  return begun ? undefined : "not-yet-valid";
}

async function wrongSignature(
  api: Api,
  { host, keys }: Issuer,
  token: Token,
): Promise<Reason | undefined> {
  for (const keptSeconds of KEPT_SECONDS) {
    const response = z.object({ keys: z.array(z.unknown()) });
    const call = { method: "GET", host, path: keys, keptSeconds, response } as const;
    const key = keyNamed(token.header, await api.request(call));
    if (key === undefined) return "unknown-key";
    if (key !== "absent") return isSignedWith(key, token) ? undefined : "wrong-signature";
  }
  return "unknown-key";
}

function endedBy(claims: Claims, user: Awaited<ReturnType<typeof findUser>>): Reason | undefined {
  if (user === undefined) return "no-such-user";
  if (user.disabled === true) return "disabled";
  // https://firebase.google.com/docs/auth/admin/manage-sessions#detect_id_token_revocation
  return claims.auth_time < Number(user.validSince ?? 0) ? "revoked" : undefined;
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

function refuse(why: Reason): z.infer<typeof Verdict> {
  return {
    valid: false,
    reason: why,
    uid: null,
    claims: null,
    signedInAt: null,
    expiresAt: null,
    user: null,
  };
}
