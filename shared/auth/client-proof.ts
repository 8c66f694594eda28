import { Fault } from "#shared/errors";
import type { ClientAuth } from "./auth.ts";
import type { Credentials } from "./authorize.ts";

/** How an application proves itself: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1, where the halves of a pair are form-encoded. */
export function clientProof(
  kind: ClientAuth,
  credentials: Credentials,
): { readonly headers: Record<string, string>; readonly form: Record<string, string> } {
  const [id, secret] = [required(credentials, "client-id"), required(credentials, "client-secret")];
  if (kind === "body") return { headers: {}, form: { client_id: id, client_secret: secret } };
  const pair = [id, secret].map(encodeURIComponent).join(":");
  return { headers: { authorization: `Basic ${Buffer.from(pair).toString("base64")}` }, form: {} };
}

/** A credential that a method cannot do without. Throws `failed_precondition` from `caller` where it is not there. */
export function required(credentials: Credentials, field: string): string {
  const secret = credentials.get(field);
  if (secret !== undefined) return secret.reveal();
  throw new Fault("failed_precondition", `auth.token: the connection has no "${field}"; store it`, {
    origin: "caller",
    details: { field },
  });
}
