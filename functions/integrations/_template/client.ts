import type { ErrorOf } from "#shared/integration";
import * as z from "zod";

const Failed = z.object({ error: z.string() });

/** Template answers 422 for a duplicate too: https://docs.template.example/api/errors */
export const errorOf: ErrorOf = ({ status, body }) => {
  const failed = Failed.safeParse(body);
  if (status !== 422 || !failed.success || failed.data.error !== "duplicate") return undefined;
  return { code: "already_exists", reason: failed.data.error };
};
