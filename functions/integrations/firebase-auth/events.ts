import type { Decide } from "#shared/integration";
import * as z from "zod";
import { decideCountry } from "./countries.ts";

const text = z.string().nullish();

/**
 * What the token of a blocking event claims, only as wide as our use: https://cloud.google.com/identity-platform/docs/blocking-functions,
 * https://github.com/firebase/firebase-functions/blob/master/src/common/providers/identity.ts (DecodedPayload)
 */
function event<const Type extends string>(type: Type) {
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
  beforeCreate: event("beforeCreate"),
  beforeSignIn: event("beforeSignIn"),
};

/** The users' tokens at their providers, where the project forwards them. */
export const credentials = [
  "oauth_id_token",
  "oauth_access_token",
  "oauth_refresh_token",
  "oauth_token_secret",
];

const From = z.object({ ip_address: z.string() });

/**
 * Lets a user in or not, by the country that the connection's table has for the address. Google passes the message on to
 * the app; the shape of a refusal is that of its callable functions: https://firebase.google.com/docs/functions/callable-reference#failure_response
 */
export const decide: Decide = ({ payload }, setting) => {
  // An event without an address is of no known country, for which the policy has a word.
  const address = From.safeParse(payload).data?.ip_address ?? "";
  const because = decideCountry(setting("sign-in-policy"), setting("country-ranges"), address);
  if (because.allowed) return { status: 200, body: {}, because };
  const message = "sign-in is not allowed from here";
  return { status: 403, body: { error: { status: "PERMISSION_DENIED", message } }, because };
};
