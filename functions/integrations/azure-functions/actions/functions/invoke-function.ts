import { defineAction } from "#shared/integration";
import * as z from "zod";
import { functionName, site } from "../../client.ts";

export const Call = z.object({
  ...site,
  function: functionName,
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("POST"),
  /** For the places in braces of its route. */
  route: z.record(z.string(), z.union([z.string().min(1), z.number()])).default({}),
  query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** JSON; or text with its type. */
  json: z.json().optional(),
  text: z.string().max(4_000_000).optional(),
  contentType: z.string().max(100).default("text/plain; charset=utf-8"),
});

export const invokeFunction = defineAction({
  summary: "Call a function that HTTP starts, with the key that it asks for, and give its answer",
  docs: "https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger",
  scopes: ["Microsoft.Web/sites/functions/read", "Microsoft.Web/sites/functions/listkeys/action"],
  effect: "write",
  idempotency: { kind: "none", why: "what a second call does is up to the function" },
  input: Call,
  output: z.object({ status: z.int(), contentType: z.string().optional(), text: z.string() }),
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, call) => (await import("../../run/invoke.ts")).invoke(api, call),
});
