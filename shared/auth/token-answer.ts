import { Fault } from "#shared/errors";
import * as z from "zod";
import type { IssuedTokens } from "./tokens.ts";

// https://www.rfc-editor.org/rfc/rfc6749#section-5.1; some vendors write the seconds as text.
const Issued = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.union([z.number(), z.string()]).optional(),
});

/** The tokens of an answer; `kept` is the refresh token that stays where it brings no other. Throws as {@link noToken}. */
export function readTokens(answer: unknown, nowMs: number, kept: string | undefined): IssuedTokens {
  const issued = Issued.safeParse(answer);
  if (!issued.success) throw noToken();
  const { access_token: accessToken, refresh_token, expires_in } = issued.data;
  const seconds = Number(expires_in);
  return {
    accessToken,
    refreshToken: refresh_token ?? kept,
    expiresAtMs: seconds > 0 ? nowMs + seconds * 1000 : undefined,
  };
}

/** A member of JSON by its dotted path. */
export function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (part, name) =>
        typeof part === "object" && part !== null ? Reflect.get(part, name) : undefined,
      value,
    );
}

/** The fault for an answer without a token. */
export function noToken(): Fault {
  return new Fault(
    "internal",
    "auth.token: the vendor's answer holds no token where the definition says; compare with its documentation",
    { origin: "upstream" },
  );
}
