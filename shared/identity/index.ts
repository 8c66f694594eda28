export { API_KEYS, apiKeyIdentity } from "./api-keys.ts";
export { bearerToken } from "./bearer-token.ts";
export type { Identity, IdentityDriver } from "./driver.ts";
export { staticIdentity } from "./static-identity.ts";
