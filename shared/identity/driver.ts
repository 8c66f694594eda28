/** Who calls, and for which tenant. The tenant comes from here and from nowhere else. */
export type Identity = { readonly tenant: string; readonly subject: string };

/** Turns a bearer token into an identity. */
export interface IdentityDriver {
  readonly name: string;
  /** `undefined` for a token nobody issued. Must take the same time for every wrong token. */
  identify(token: string): Identity | undefined | Promise<Identity | undefined>;
}
