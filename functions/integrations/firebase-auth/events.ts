import type { Decide, Received } from "#shared/integration";
import * as z from "zod";

const text = z.string().nullish();

/**
 * What the token of a blocking event claims, only as wide as our use: https://cloud.google.com/identity-platform/docs/blocking-functions,
 * https://github.com/firebase/firebase-functions/blob/master/src/common/providers/identity.ts (DecodedPayload)
 */
function blocking<const Type extends string>(type: Type) {
  return z.object({
    event_id: z.string(),
    event_type: z.literal(type),
    ip_address: z.string(),
    user_agent: text,
    locale: text,
    /** `password`, `google.com`, `phone`, … */
    sign_in_method: text,
    tenant_id: text,
    iat: z.number(),
    user_record: z.object({
      uid: z.string(),
      email: text,
      email_verified: z.boolean().nullish(),
      display_name: text,
      phone_number: text,
      disabled: z.boolean().nullish(),
      provider_data: z.array(z.object({ provider_id: z.string() })).nullish(),
    }),
  });
}

export const events = {
  beforeCreate: blocking("beforeCreate"),
  beforeSignIn: blocking("beforeSignIn"),
};

/** The users' tokens at their providers, where the project forwards them. */
export const credentials = [
  "oauth_id_token",
  "oauth_access_token",
  "oauth_refresh_token",
  "oauth_token_secret",
];

export const Attempt = z.object({
  id: z.string(),
  /** `beforeCreate` or `beforeSignIn`. */
  type: z.string(),
  at: z.iso.datetime(),
  uid: z.string().nullable(),
  email: z.string().nullable(),
  method: z.string().nullable(),
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  allowed: z.boolean(),
  country: z.string().nullable(),
  reason: z.string(),
});

const Told = z.object({ allowed: z.boolean(), country: z.string().nullable(), reason: z.string() });
const Logged = events.beforeSignIn.partial().extend({
  event_type: text,
  user_record: events.beforeSignIn.shape.user_record.partial().nullish(),
});

/** A line of the log. An event of an unforeseen shape has at least its time and what was decided. */
export function attemptOf({
  id,
  type,
  payload,
  receivedAtMs,
  decision,
}: Received): z.infer<typeof Attempt> {
  const { user_record: user, ...event } = Logged.safeParse(payload).data ?? {};
  return {
    id,
    type,
    at: new Date(receivedAtMs).toISOString(),
    uid: user?.uid ?? null,
    email: user?.email ?? null,
    method: event.sign_in_method ?? null,
    ipAddress: event.ip_address ?? null,
    userAgent: event.user_agent ?? null,
    ...Told.parse(decision),
  };
}

const From = z.object({ ip_address: z.string() });

/**
 * Lets a user in or not, by the country that the connection's table has for the address. Google passes the message on to
 * the app; the shape of a refusal is that of its callable functions: https://firebase.google.com/docs/functions/callable-reference#failure_response
 */
export const decide: Decide = async ({ payload }, setting) => {
  const { decideCountry } = await import("./countries.ts");
  // An event without an address is of no known country, for which the policy has a word.
  const address = From.safeParse(payload).data?.ip_address ?? "";
  const because = decideCountry(setting("sign-in-policy"), setting("country-ranges"), address);
  if (because.allowed) return { status: 200, body: {}, because };
  const message = "sign-in is not allowed from here";
  return { status: 403, body: { error: { status: "PERMISSION_DENIED", message } }, because };
};
