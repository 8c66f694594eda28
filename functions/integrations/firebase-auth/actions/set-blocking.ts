import { defineAction } from "#shared/integration";
import * as z from "zod";
import { admin } from "../client.ts";
import { changeProject, Project } from "../project.ts";

const address = z
  .url({ protocol: /^https$/ })
  .max(2_048)
  .nullable();

export const setBlocking = defineAction({
  summary: "Have Google ask an address before a user is created, and before a user signs in",
  docs: "https://cloud.google.com/identity-platform/docs/blocking-functions",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "the addresses are replaced as a whole" },
  /** The address of this connection's webhooks, exactly as it is called; null to ask nobody. */
  input: z.object({ beforeCreate: address, beforeSignIn: address }),
  output: Project,
  run: (api, given) => {
    const triggers = Object.fromEntries(
      Object.entries(given).flatMap(([event, functionUri]) =>
        functionUri === null ? [] : [[event, { functionUri }]],
      ),
    );
    // The users' own tokens at their providers are nothing we need to see.
    const forwardInboundCredentials = { idToken: false, accessToken: false, refreshToken: false };
    return changeProject(
      api,
      ["blockingFunctions.triggers", "blockingFunctions.forwardInboundCredentials"],
      { blockingFunctions: { triggers, forwardInboundCredentials } },
    );
  },
});
