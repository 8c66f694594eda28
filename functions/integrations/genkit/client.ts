import { type Code, codes } from "#shared/errors";
import { type ApiPath, type ErrorOf, path } from "#shared/integration";
import * as z from "zod";

const Failed = z.object({ status: z.string().optional(), code: z.unknown().optional() });

/**
 * Genkit says `{ status: "NOT_FOUND", message }`, flows of this suite say a problem with a `code`:
 * https://github.com/firebase/genkit/blob/main/js/core/src/error.ts
 */
export const errorOf: ErrorOf = ({ status, body }) => {
  const failed = Failed.safeParse(body);
  if (status < 400 || !failed.success) return undefined;
  return failureOf(failed.data);
};

/** A status of Genkit's or a code of ours as a failure; `undefined` for what is neither. */
export function failureOf({ status, code }: z.infer<typeof Failed>) {
  const found = [status?.toLowerCase(), code].find(isCode);
  return found === undefined ? undefined : { code: found, reason: found };
}

function isCode(name: unknown): name is Code {
  return typeof name === "string" && Object.hasOwn(codes, name);
}

/** Where a flow is: its name, with the path before it, such as `v1/flows/digest` of this suite. */
export const flow = z
  .string()
  .max(400)
  .regex(/^[\w:][\w.:-]*(?:\/[\w:][\w.:-]*){0,5}$/);

/** The path of a flow. */
export function flowPath(name: string): ApiPath {
  const parts = name.split("/").map((part) => path`/${part}`.encoded);
  return { encoded: parts.join("") };
}

/** What a flow is given and gives: whatever it declares. */
export const value = z.json();

export const traceId = z.string().regex(/^[0-9a-f]{32}$/);
