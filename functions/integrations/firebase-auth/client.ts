import type { Code } from "#shared/errors";
import { type Api, type ErrorOf, path } from "#shared/integration";
import * as z from "zod";

/**
 * Identity Toolkit's names of errors: our code, and what to do. A name that is not here is about the arguments. A user's
 * token that is not taken is an argument, too: the connection's own proof was, and another one would not help.
 * https://firebase.google.com/docs/auth/admin/errors,
 * https://github.com/firebase/firebase-admin-node/blob/main/src/utils/error.ts (AUTH_SERVER_TO_CLIENT_CODE)
 */
const errors: Readonly<Record<string, readonly [Code, string]>> = {
  ADMIN_ONLY_OPERATION: ["permission_denied", "allow users to sign up in the project's settings"],
  BLOCKING_FUNCTION_ERROR_RESPONSE: ["failed_precondition", "the blocking function refused it"],
  CONFIGURATION_NOT_FOUND: ["failed_precondition", "enable Authentication and the provider first"],
  CREDENTIAL_TOO_OLD_LOGIN_AGAIN: ["failed_precondition", "have the user sign in again"],
  DUPLICATE_EMAIL: ["already_exists", "get the user by this email"],
  DUPLICATE_LOCAL_ID: ["already_exists", "get the user by this uid"],
  DUPLICATE_MFA_ENROLLMENT_ID: ["already_exists", "list the user's factors"],
  EMAIL_EXISTS: ["already_exists", "get the user by this email"],
  EMAIL_NOT_FOUND: ["not_found", "list the users"],
  INSUFFICIENT_PERMISSION: ["permission_denied", "grant roles/firebaseauth.admin"],
  INVALID_ID_TOKEN: ["invalid_argument", "have the user sign in again"],
  INVALID_REFRESH_TOKEN: ["invalid_argument", "have the user sign in again"],
  MFA_ENROLLMENT_NOT_FOUND: ["not_found", "list the user's factors"],
  OPERATION_NOT_ALLOWED: ["failed_precondition", "enable this way to sign in"],
  PHONE_NUMBER_EXISTS: ["already_exists", "get the user by this phone number"],
  PROJECT_NOT_FOUND: ["not_found", "correct the connection's project"],
  QUOTA_EXCEEDED: ["resource_exhausted", "wait, or ask for a higher quota"],
  SECOND_FACTOR_EXISTS: ["already_exists", "list the user's factors"],
  SECOND_FACTOR_LIMIT_EXCEEDED: ["failed_precondition", "withdraw a factor first"],
  SESSION_EXPIRED: ["failed_precondition", "start the enrolment again"],
  TOKEN_EXPIRED: ["failed_precondition", "have the user sign in again"],
  TOO_MANY_ATTEMPTS_TRY_LATER: ["resource_exhausted", "wait before you try again"],
  UNVERIFIED_EMAIL: ["failed_precondition", "verify the user's email first"],
  USER_DISABLED: ["failed_precondition", "enable the user first"],
  USER_NOT_FOUND: ["not_found", "list the users"],
};

/** What the HTTP status does not tell: https://cloud.google.com/apis/design/errors#error_model */
const statuses: Readonly<Record<string, Code>> = {
  ABORTED: "aborted",
  ALREADY_EXISTS: "already_exists",
  FAILED_PRECONDITION: "failed_precondition",
};

const Failed = z.object({
  error: z.object({ message: z.string().catch(""), status: z.string().optional() }),
});

/** Errors have a name before their explanation: `EMAIL_EXISTS`, `INVALID_EMAIL : explanation`. */
export const errorOf: ErrorOf = ({ status, body }) => {
  const failed = Failed.safeParse(body);
  if (!failed.success || status < 400) return undefined;
  const { message, status: rpc = "" } = failed.data.error;
  const name = /^[A-Z][A-Z0-9_]+(?![^\s:])/.exec(message)?.[0];
  const known = name !== undefined && Object.hasOwn(errors, name) ? errors[name] : undefined;
  if (known !== undefined) return { code: known[0], reason: `${name}: ${known[1]}` };
  const code = Object.hasOwn(statuses, rpc) ? statuses[rpc] : undefined;
  if (code !== undefined) return { code, reason: name ?? rpc };
  return status === 400 ? { code: "invalid_argument", reason: name ?? rpc } : undefined;
};

/** The project that the connection is for. */
export function projectOf(api: Api): string {
  return api.config["project"] ?? "";
}

/** The one role that all actions need but those that say otherwise: https://firebase.google.com/docs/projects/iam/roles-predefined-product */
export const admin = ["roles/firebaseauth.admin"] as const;
export const viewer = ["roles/firebaseauth.viewer"] as const;

/** https://cloud.google.com/identity-platform/docs/reference/rest/v1/UserInfo */
export const uid = z.string().min(1).max(128);
export const email = z.email().max(255);
/** E.164 */
export const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/);
export const idToken = z.string().min(1).max(8_192);

/** Names that tokens use themselves: https://firebase.google.com/docs/auth/admin/custom-claims#set_and_validate_custom_user_claims_via_the_admin_sdk */
const reserved = new Set(
  "acr amr at_hash aud auth_time azp c_hash cnf exp firebase iat iss jti nbf nonce sub".split(" "),
);

/** Claims of our own; at most 1,000 characters as JSON, and none of a token's own names. */
export const claims = z
  .record(z.string().min(1), z.json())
  .refine((given) => JSON.stringify(given).length <= 1_000, "is longer than 1,000 characters")
  .refine((given) => !Object.keys(given).some((name) => reserved.has(name)), "has a reserved name");

/** A second factor: https://cloud.google.com/identity-platform/docs/reference/rest/v1/MfaEnrollment */
export const Factor = z.object({
  id: z.string(),
  kind: z.enum(["phone", "totp", "email"]),
  name: z.string().nullable(),
  phoneNumber: z.string().nullable(),
  enrolledAt: z.string().nullable(),
});

export const Enrollment = z.object({
  mfaEnrollmentId: z.string(),
  displayName: z.string().optional(),
  phoneInfo: z.string().optional(),
  totpInfo: z.object({}).optional(),
  emailInfo: z.object({ emailAddress: z.string().optional() }).optional(),
  enrolledAt: z.string().optional(),
});

export function factorOf(given: z.infer<typeof Enrollment>): z.infer<typeof Factor> {
  const other = given.totpInfo === undefined ? "email" : "totp";
  return {
    id: given.mfaEnrollmentId,
    kind: given.phoneInfo === undefined ? other : "phone",
    name: given.displayName ?? null,
    phoneNumber: given.phoneInfo ?? null,
    enrolledAt: given.enrolledAt ?? null,
  };
}

export const User = z.object({
  uid: z.string(),
  email: z.string().nullable(),
  emailVerified: z.boolean(),
  phoneNumber: z.string().nullable(),
  displayName: z.string().nullable(),
  photoUrl: z.string().nullable(),
  disabled: z.boolean(),
  claims: z.record(z.string(), z.json()),
  /** How the user signs in: `google.com`, `password`, … */
  providers: z.array(z.string()),
  factors: z.array(Factor),
  createdAt: z.string().nullable(),
  lastSignInAt: z.string().nullable(),
  /** Tokens of before are revoked. */
  tokensValidFrom: z.string().nullable(),
});

/** https://cloud.google.com/identity-platform/docs/reference/rest/v1/UserInfo; hashes of passwords are not read. */
export const UserInfo = z.object({
  localId: z.string(),
  email: z.string().optional(),
  emailVerified: z.boolean().optional(),
  phoneNumber: z.string().optional(),
  displayName: z.string().optional(),
  photoUrl: z.string().optional(),
  disabled: z.boolean().optional(),
  customAttributes: z.string().optional(),
  providerUserInfo: z.array(z.object({ providerId: z.string() })).optional(),
  mfaInfo: z.array(Enrollment).optional(),
  createdAt: z.string().optional(),
  lastLoginAt: z.string().optional(),
  validSince: z.string().optional(),
});

type Info = z.infer<typeof UserInfo>;

const Claims = z.record(z.string(), z.json());

export function userOf(info: Info): z.infer<typeof User> {
  return {
    uid: info.localId,
    email: info.email ?? null,
    emailVerified: info.emailVerified ?? false,
    phoneNumber: info.phoneNumber ?? null,
    displayName: info.displayName ?? null,
    photoUrl: info.photoUrl ?? null,
    disabled: info.disabled ?? false,
    claims: Claims.parse(JSON.parse(info.customAttributes || "{}")),
    providers: (info.providerUserInfo ?? []).map(({ providerId }) => providerId),
    factors: (info.mfaInfo ?? []).map(factorOf),
    createdAt: timeOf(info.createdAt, 1),
    lastSignInAt: timeOf(info.lastLoginAt, 1),
    tokensValidFrom: timeOf(info.validSince, 1_000),
  };
}

/** A number of `unitMs` since 1970 as ISO 8601; Google writes 0 for never. */
function timeOf(text: string | undefined, unitMs: number): string | null {
  const number = Number(text ?? 0);
  return number > 0 ? new Date(number * unitMs).toISOString() : null;
}

/** A user by one of what is unique to it. */
export const by = z.union([
  z.strictObject({ uid }),
  z.strictObject({ email }),
  z.strictObject({ phoneNumber }),
]);

/** The user, or `undefined`. https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/lookup */
export async function findUser(api: Api, who: z.infer<typeof by>): Promise<Info | undefined> {
  const found = await api.request({
    method: "POST",
    path: path`/v1/projects/${projectOf(api)}/accounts:lookup`,
    json:
      "uid" in who
        ? { localId: [who.uid] }
        : "email" in who
          ? { email: [who.email] }
          : { phoneNumber: [who.phoneNumber] },
    safe: true,
    response: z.object({ users: z.array(UserInfo).optional() }),
  });
  return found.users?.[0];
}

/** Changes a user: https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/update */
export async function changeUser(
  api: Api,
  who: string,
  change: Readonly<Record<string, unknown>>,
): Promise<{ uid: string }> {
  const changed = await api.request({
    method: "POST",
    path: path`/v1/projects/${projectOf(api)}/accounts:update`,
    json: { localId: who, ...change },
    response: z.object({ localId: z.string() }),
  });
  return { uid: changed.localId };
}
