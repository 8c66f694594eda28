import { Fault } from "#shared/errors";
import { type Api, defineAction, path } from "#shared/integration";
import * as z from "zod";
import { claims, email, uid } from "../client.ts";

/** https://firebase.google.com/docs/auth/admin/create-custom-tokens#create_custom_tokens_using_a_third-party_jwt_library */
const AUDIENCE =
  "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";
const HOUR_SECONDS = 3_600;

export const mintToken = defineAction({
  summary: "Mint a custom token, by which an app signs in as a user that we know",
  docs: "https://firebase.google.com/docs/auth/admin/create-custom-tokens",
  scopes: ["roles/iam.serviceAccountTokenCreator on `signer`, if that is given"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "a token is computed and kept nowhere; a second one is as good",
  },
  input: z.object({
    uid,
    claims: claims.optional(),
    /** The service account that Google signs for. The connection's own key signs if it is left out. */
    signer: email.optional(),
  }),
  output: z.object({ token: z.string(), expiresAt: z.iso.datetime() }),
  async run(api, { uid: who, claims: given, signer }) {
    const event = { uid: who, ...(given === undefined ? {} : { claims: given }) };
    const issuedAt = Math.floor(api.now() / 1_000);
    // Our own signer dates its tokens a minute back, so that this is the earlier end of the two.
    const expiresAt = new Date((issuedAt + HOUR_SECONDS - 60) * 1_000).toISOString();
    if (signer !== undefined) {
      return { token: await signedBy(api, signer, issuedAt, event), expiresAt };
    }
    if (api.ownToken === undefined) throw noKey();
    return { token: await api.ownToken(AUDIENCE, event), expiresAt };
  },
});

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt */
async function signedBy(
  api: Api,
  signer: string,
  issuedAt: number,
  event: Readonly<Record<string, unknown>>,
): Promise<string> {
  const times = { iat: issuedAt, exp: issuedAt + HOUR_SECONDS };
  const payload = JSON.stringify({ iss: signer, sub: signer, aud: AUDIENCE, ...times, ...event });
  const { signedJwt } = await api.request({
    method: "POST",
    host: "iam",
    path: path`/v1/projects/-/serviceAccounts/${signer}:signJwt`,
    json: { payload },
    response: z.object({ signedJwt: z.string() }),
  });
  return signedJwt;
}

function noKey(): Fault {
  return new Fault(
    "failed_precondition",
    "firebase-auth.mint: the connection has no key of its own to sign with; give `signer`",
    { origin: "caller", details: { field: "signer" } },
  );
}
