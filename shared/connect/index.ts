export { connectionsFunction, type Integrations } from "./connections-function.ts";
