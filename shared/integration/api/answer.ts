import { Fault } from "#shared/errors";
import type { HttpResponse } from "#shared/http";
import type * as z from "zod";
import type { ApiCall } from "./call.ts";

/** The body as JSON; `undefined` where it is empty or something else, which no schema of ours accepts by accident. */
export function readJson(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** What the schema of a call is given of an answer. */
export function readBody({ body }: HttpResponse, read: ApiCall<z.ZodType>["read"]): unknown {
  if (read === "bytes") return body;
  return read === "text" ? new TextDecoder().decode(body) : readJson(body);
}

/** An answer is not what the vendor documents; with `unknown` the write that it answers may have happened. */
export function unexpected(host: string, error: z.ZodError, unknown: boolean): Fault {
  const [issue] = error.issues;
  const field = issue?.path.join(".") || "body";
  return new Fault(
    "internal",
    `integration.response: ${host}: ${field}: ${issue?.message ?? "does not fit"}; compare with the vendor's documentation`,
    { origin: "upstream", details: { field, ...(unknown ? { outcome: "unknown" } : {}) } },
  );
}
