import { defineAction } from "#shared/integration";
import * as z from "zod";
import { arm } from "../../client.ts";
import { key, keyPath } from "../../keys.ts";

const Named = z.object({ name: z.string(), value: z.string() });
/** Described flat, and answered in an envelope. */
const Answer = z.union([
  z.object({ properties: Named }).transform(({ properties }) => properties),
  Named,
]);

export const setKey = defineAction({
  summary: "Create a key of a function or of the whole app, or give it a new value",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/create-or-update-function-secret",
  scopes: [
    "Microsoft.Web/sites/functions/keys/write",
    "Microsoft.Web/sites/host/functionkeys/write",
  ],
  effect: "write",
  idempotency: { kind: "natural", why: "the key has the value that is given, once or twice" },
  input: z.object({
    ...key,
    /** Its own and not guessable; the vendor makes them of 40 bytes. */
    value: z.string().min(32).max(256),
  }),
  output: z.object({ name: z.string() }),
  async run(api, { value, ...input }) {
    const target = keyPath(api, input);
    const json = { properties: { name: input.key, value } };
    const { name } = await api.request(
      arm({ method: "PUT", path: target, json, response: Answer }),
    );
    return { name };
  },
});
