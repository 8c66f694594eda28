export type { Auth, Auths, ClientAuth, ConfigField, SecretField } from "./auth.ts";
export { configFields, methodsOf, missingField, secretFields } from "./auth-fields.ts";
export { type Authorize, authorizeAsGiven, type Credentials } from "./authorize.ts";
export { type ConfigValues, expand, readConfig } from "./config-values.ts";
