export { type ClaimedBody, claims, dropBody, leaveBody, takeBody } from "./claim-check.ts";
