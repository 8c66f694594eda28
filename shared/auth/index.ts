export type { Auth, Auths, ClientAuth, ConfigField, OAuth2, SecretField } from "./auth.ts";
export { configFields, methodsOf, missingField, secretFields } from "./auth-fields.ts";
export type { AuthConnection, Credentials } from "./authorize.ts";
export { type Authorizer, createAuthorizer } from "./authorizer.ts";
export { type ConfigValues, expand, readConfig } from "./config-values.ts";
export { loadConsent } from "./load-consent.ts";
export type { TokenPorts } from "./token-endpoint.ts";
export {
  type IssuedTokens,
  isRevoked,
  isTokenMethod,
  type Obtain,
  type TokenCache,
} from "./tokens.ts";
