import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Done, remove } from "../../client.ts";
import { key, keyPath } from "../../keys.ts";

export const deleteKey = defineAction({
  summary: "Delete a key of a function or of the whole app",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/delete-function-secret",
  scopes: [
    "Microsoft.Web/sites/functions/keys/delete",
    "Microsoft.Web/sites/host/functionkeys/delete",
  ],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object(key),
  output: Done,
  run: (api, input) => remove(api, keyPath(api, input)),
});
